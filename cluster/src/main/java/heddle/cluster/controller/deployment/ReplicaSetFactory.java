package heddle.cluster.controller.deployment;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import heddle.cluster.controller.pods.Ownership;
import heddle.cluster.informer.Kinds;
import heddle.cluster.object.ApiException;
import heddle.cluster.object.Metadata;
import heddle.cluster.object.Objects;
import java.util.Optional;
import java.util.Set;

/** Makes the ReplicaSet of a deployment's template, and keeps its annotations. */
final class ReplicaSetFactory {

  private static final String LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";
  private static final String HISTORY = "deployment.kubernetes.io/revision-history";
  private static final String DESIRED = "deployment.kubernetes.io/desired-replicas";
  private static final String MOST = "deployment.kubernetes.io/max-replicas";
  private static final Set<String> NOT_COPIED =
      Set.of(LAST_APPLIED, Rollout.REVISION, HISTORY, DESIRED, MOST);

  private final Objects objects;

  ReplicaSetFactory(Objects objects) {
    this.objects = objects;
  }

  /** Creates the set, with no pods yet; empty when its name belongs to another template. */
  Optional<ObjectNode> create(ObjectNode deployment, long revision) {
    int collisions = deployment.path("status").path("collisionCount").asInt();
    String hash = TemplateHash.of(deployment.path("spec").path("template"), collisions);
    try {
      return Optional.of(objects.create(Kinds.REPLICA_SETS, set(deployment, hash, revision)));
    } catch (ApiException e) {
      if (!e.reason().equals("AlreadyExists")) {
        throw e;
      }
      objects.modifyStatus(
          Kinds.DEPLOYMENTS,
          Metadata.namespace(deployment),
          Metadata.name(deployment),
          copy -> {
            copy.withObject("/status").put("collisionCount", collisions + 1);
            return copy;
          });
      return Optional.empty();
    }
  }

  private static ObjectNode set(ObjectNode deployment, String hash, long revision) {
    ObjectNode set = JsonNodeFactory.instance.objectNode();
    set.put("apiVersion", "apps/v1").put("kind", "ReplicaSet");
    ObjectNode metadata = Metadata.of(set);
    metadata.put("name", Metadata.name(deployment) + "-" + hash);
    metadata.put("namespace", Metadata.namespace(deployment));
    ObjectNode template = deployment.path("spec").path("template").deepCopy();
    ObjectNode labels = template.withObject("/metadata/labels");
    labels.put(TemplateHash.LABEL, hash);
    metadata.set("labels", labels.deepCopy());
    ObjectNode annotations = metadata.putObject("annotations");
    Metadata.annotations(deployment)
        .forEach(
            (key, value) -> {
              if (!NOT_COPIED.contains(key)) {
                annotations.put(key, value);
              }
            });
    Ownership.control(Kinds.DEPLOYMENTS, deployment, set);
    ObjectNode spec = set.putObject("spec");
    // It starts empty: how far it may grow at once is the rolling update's to say.
    spec.put("replicas", 0);
    spec.put("minReadySeconds", deployment.path("spec").path("minReadySeconds").asInt());
    ObjectNode selector = deployment.path("spec").path("selector").deepCopy();
    selector.withObject("/matchLabels").put(TemplateHash.LABEL, hash);
    spec.set("selector", selector);
    spec.set("template", template);
    revise(set, revision);
    bounds(set, deployment);
    return set;
  }

  /** Gives a set a revision, keeping those it had. */
  static void revise(ObjectNode set, long revision) {
    ObjectNode annotations = set.withObject("/metadata/annotations");
    long before = Rollout.revision(set);
    if (before > 0) {
      String history = annotations.path(HISTORY).asText("");
      annotations.put(HISTORY, history.isEmpty() ? "" + before : history + "," + before);
    }
    annotations.put(Rollout.REVISION, Long.toString(revision));
  }

  /** Notes for which size of the deployment a set was scaled. */
  static void bounds(ObjectNode set, ObjectNode deployment) {
    RollingUpdate update = RollingUpdate.of(deployment.path("spec"));
    ObjectNode annotations = set.withObject("/metadata/annotations");
    annotations.put(DESIRED, Integer.toString(update.replicas()));
    annotations.put(MOST, Integer.toString(update.replicas() + update.maxSurge()));
  }
}
