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
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the API server whose token a data plane presents: it must be bound to the pod that the node
 * id names, or, where the token names no pod, be of that pod's service account.
 *
 * <p>Who may see what all nodes are served is a right like others: {@code get} on the path {@code
 * /xds}.
 */
public final class TokenReviews implements NodeAuthenticator {
  private static final Logger LOG = LoggerFactory.getLogger(TokenReviews.class);
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final String TOKEN_PATH = "/apis/authentication.k8s.io/v1/tokenreviews";
  private static final String ACCESS_PATH = "/apis/authorization.k8s.io/v1/subjectaccessreviews";
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
    JsonNode user = user(token, node.id());
    String[] account = user.path("username").asText().split(":", -1);
    if (account.length != 4 || !account[1].equals("serviceaccount")) {
      return false;
    }
    String pod = user.path("extra").path(POD_CLAIM).path(0).asText();
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

  @Override
  public boolean observes(Optional<String> token) {
    JsonNode user = user(token, "somebody who asks what nodes are served");
    if (user.path("username").asText().isEmpty()) {
      return false;
    }
    ObjectNode review = MAPPER.createObjectNode();
    review.put("apiVersion", "authorization.k8s.io/v1").put("kind", "SubjectAccessReview");
    ObjectNode spec = review.putObject("spec");
    spec.put("user", user.path("username").asText()).put("uid", user.path("uid").asText());
    for (String members : List.of("groups", "extra")) {
      if (user.has(members)) {
        spec.set(members, user.path(members));
      }
    }
    spec.putObject("nonResourceAttributes").put("path", "/xds").put("verb", "get");
    try {
      return post(ACCESS_PATH, review).path("status").path("allowed").asBoolean();
    } catch (KubeException e) {
      LOG.warn("the rights of {} cannot be checked: {}", user.path("username"), e.getMessage());
      return false;
    }
  }

  /** Whose token it is; an empty object when it is nobody's. */
  private JsonNode user(Optional<String> token, String bearer) {
    if (token.isEmpty()) {
      return MAPPER.createObjectNode();
    }
    ObjectNode review = MAPPER.createObjectNode();
    review.put("apiVersion", "authentication.k8s.io/v1").put("kind", "TokenReview");
    review.putObject("spec").put("token", token.get());
    try {
      JsonNode status = post(TOKEN_PATH, review).path("status");
      return status.path("authenticated").asBoolean()
          ? status.path("user")
          : MAPPER.createObjectNode();
    } catch (KubeException e) {
      LOG.warn("the token of {} cannot be checked: {}", bearer, e.getMessage());
      return MAPPER.createObjectNode();
    }
  }

  private boolean runsAs(String namespace, String pod, String account) {
    return view.pod(namespace, pod)
        .map(KubeObject::spec)
        .map(spec -> spec.path("serviceAccountName").asText("default").equals(account))
        .orElse(false);
  }

  private JsonNode post(String path, ObjectNode review) {
    return KubeObject.parse(api.raw("POST", path, "application/json", review.toString())).json();
  }
}
