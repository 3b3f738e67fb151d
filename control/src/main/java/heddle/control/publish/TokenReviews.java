package heddle.control.publish;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import heddle.control.view.ClusterView;
import heddle.kube.KubeApi;
import heddle.kube.KubeException;
import heddle.kube.KubeObject;
import heddle.xds.NodeName;
import heddle.xds.ads.NodeAuthenticator;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the API server whose token a data plane presents: it must be bound to the pod that the node
 * id names, or, where the token names no pod, be of that pod's service account.
 */
public final class TokenReviews implements NodeAuthenticator {
  private static final Logger LOG = LoggerFactory.getLogger(TokenReviews.class);
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final String PATH = "/apis/authentication.k8s.io/v1/tokenreviews";
  private static final String POD_CLAIM = "authentication.kubernetes.io/pod-name";

  private final KubeApi api;
  private final ClusterView view;
  private final PodSnapshots snapshots;

  public TokenReviews(KubeApi api, ClusterView view, PodSnapshots snapshots) {
    this.api = api;
    this.view = view;
    this.snapshots = snapshots;
  }

  @Override
  public boolean accepts(NodeName node, Optional<String> token) {
    if (token.isEmpty()) {
      return false;
    }
    JsonNode status;
    try {
      status = review(token.get()).path("status");
    } catch (KubeException e) {
      LOG.warn("the token of {} cannot be checked: {}", node.id(), e.getMessage());
      return false;
    }
    String[] account = status.path("user").path("username").asText().split(":", -1);
    if (!status.path("authenticated").asBoolean()
        || account.length != 4
        || !account[1].equals("serviceaccount")) {
      return false;
    }
    String pod = status.path("user").path("extra").path(POD_CLAIM).path(0).asText();
    return switch (node) {
      case NodeName.OfPod named ->
          named.namespace().equals(account[2])
              && (pod.isEmpty()
                  ? runsAs(named.namespace(), named.pod(), account[3])
                  : named.pod().equals(pod));
      case NodeName.OfAppMesh(var id, var mesh, var type, var name) ->
          !pod.isEmpty()
              && snapshots
                  .ofPod(account[2], pod)
                  .equals(Optional.of("mesh/" + mesh + "/" + type + "/" + name));
      case NodeName.Other(var id) -> false;
    };
  }

  private boolean runsAs(String namespace, String pod, String account) {
    return view.pod(namespace, pod)
        .map(KubeObject::spec)
        .map(spec -> spec.path("serviceAccountName").asText("default").equals(account))
        .orElse(false);
  }

  private JsonNode review(String token) {
    ObjectNode review = MAPPER.createObjectNode();
    review.put("apiVersion", "authentication.k8s.io/v1").put("kind", "TokenReview");
    review.putObject("spec").put("token", token);
    return KubeObject.parse(api.raw("POST", PATH, "application/json", review.toString())).json();
  }
}
