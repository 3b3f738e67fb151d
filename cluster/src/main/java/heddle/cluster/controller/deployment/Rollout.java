package heddle.cluster.controller.deployment;

import com.fasterxml.jackson.databind.node.ObjectNode;
import heddle.cluster.object.Metadata;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A deployment and its ReplicaSets at one moment.
 *
 * @param current the set with the deployment's template, if there is one
 * @param old the others
 */
record Rollout(ObjectNode deployment, @Nullable ObjectNode current, List<ObjectNode> old) {

  static final String REVISION = "deployment.kubernetes.io/revision";

  static Rollout of(ObjectNode deployment, List<ObjectNode> sets) {
    var template = deployment.path("spec").path("template");
    Optional<ObjectNode> current =
        sets.stream()
            .filter(set -> TemplateHash.same(set.path("spec").path("template"), template))
            .min(
                Comparator.comparing(
                        (ObjectNode set) -> set.path("metadata").path("creationTimestamp").asText())
                    .thenComparing(Metadata::name));
    String name = current.map(Metadata::name).orElse("");
    List<ObjectNode> old = sets.stream().filter(set -> !Metadata.name(set).equals(name)).toList();
    return new Rollout(deployment, current.orElse(null), old);
  }

  long newestOldRevision() {
    return old.stream().mapToLong(Rollout::revision).max().orElse(0);
  }

  static long revision(ObjectNode object) {
    return Long.parseLong(Metadata.annotations(object).getOrDefault(REVISION, "0"));
  }

  static int wanted(ObjectNode set) {
    return set.path("spec").path("replicas").asInt();
  }

  static RollingUpdate.Size size(ObjectNode set) {
    return new RollingUpdate.Size(
        Metadata.name(set),
        revision(set),
        wanted(set),
        set.path("status").path("replicas").asInt(),
        set.path("status").path("availableReplicas").asInt());
  }

  /** A sum over all sets of one number of their status. */
  int total(String statusField) {
    int sum = current == null ? 0 : current.path("status").path(statusField).asInt();
    for (ObjectNode set : old) {
      sum += set.path("status").path(statusField).asInt();
    }
    return sum;
  }
}
