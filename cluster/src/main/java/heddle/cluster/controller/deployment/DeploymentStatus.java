package heddle.cluster.controller.deployment;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import heddle.cluster.informer.Kinds;
import heddle.cluster.object.Metadata;
import heddle.cluster.object.Objects;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/** Writes a deployment's status, conditions and revision, as {@code kubectl rollout} reads them. */
final class DeploymentStatus {

  /** From here on a deadline means that nobody asked for one. */
  private static final int NO_DEADLINE = Integer.MAX_VALUE;

  private final Objects objects;
  private final Clock clock;

  DeploymentStatus(Objects objects, Clock clock) {
    this.objects = objects;
    this.clock = clock;
  }

  /** Every pod is of the new template, and available. */
  static boolean complete(Rollout rollout) {
    int wanted = rollout.deployment().path("spec").path("replicas").asInt(1);
    ObjectNode current = rollout.current();
    return current != null
        && current.path("status").path("replicas").asInt() == wanted
        && rollout.total("replicas") == wanted
        && rollout.total("availableReplicas") == wanted;
  }

  /** Returns when the progress deadline has to be looked at again. */
  Optional<Duration> write(Rollout rollout) {
    ObjectNode deployment = rollout.deployment();
    String namespace = Metadata.namespace(deployment);
    String name = Metadata.name(deployment);
    ObjectNode current = rollout.current();
    if (current != null && Rollout.revision(current) > Rollout.revision(deployment)) {
      String revision = Long.toString(Rollout.revision(current));
      objects.modify(
          Kinds.DEPLOYMENTS,
          namespace,
          name,
          copy -> {
            copy.withObject("/metadata/annotations").put(Rollout.REVISION, revision);
            return copy;
          });
    }
    Instant now = clock.instant();
    objects.modifyStatus(Kinds.DEPLOYMENTS, namespace, name, copy -> fill(rollout, copy, now));
    return deadline(rollout, now);
  }

  private static ObjectNode fill(Rollout rollout, ObjectNode deployment, Instant now) {
    ObjectNode status = deployment.withObject("/status");
    JsonNode before = status.deepCopy();
    ObjectNode current = rollout.current();
    int available = rollout.total("availableReplicas");
    status.put("observedGeneration", Metadata.generation(rollout.deployment()));
    count(status, "replicas", rollout.total("replicas"));
    count(
        status,
        "updatedReplicas",
        current == null ? 0 : current.path("status").path("replicas").asInt());
    count(status, "readyReplicas", rollout.total("readyReplicas"));
    count(status, "availableReplicas", available);
    count(status, "unavailableReplicas", Math.max(0, wantedInAll(rollout) - available));
    available(rollout, status, available, now);
    progressing(rollout, before, status, now);
    return deployment;
  }

  private static int wantedInAll(Rollout rollout) {
    int sum = rollout.current() == null ? 0 : Rollout.wanted(rollout.current());
    return sum + rollout.old().stream().mapToInt(Rollout::wanted).sum();
  }

  private static void available(Rollout rollout, ObjectNode status, int available, Instant now) {
    RollingUpdate update = RollingUpdate.of(rollout.deployment().path("spec"));
    if (available >= update.replicas() - update.maxUnavailable()) {
      condition(
          status,
          "Available",
          "True",
          "MinimumReplicasAvailable",
          "Deployment has minimum availability.",
          now,
          false);
    } else {
      condition(
          status,
          "Available",
          "False",
          "MinimumReplicasUnavailable",
          "Deployment does not have minimum availability.",
          now,
          false);
    }
  }

  private static void progressing(
      Rollout rollout, JsonNode before, ObjectNode status, Instant now) {
    ObjectNode current = rollout.current();
    String set = current == null ? "" : Metadata.name(current);
    if (rollout.deployment().path("spec").path("paused").asBoolean()) {
      condition(
          status, "Progressing", "Unknown", "DeploymentPaused", "Deployment is paused", now, false);
    } else if (complete(rollout)) {
      condition(
          status,
          "Progressing",
          "True",
          "NewReplicaSetAvailable",
          "ReplicaSet \"" + set + "\" has successfully progressed.",
          now,
          false);
    } else if (progressed(before, status) || conditionOf(status, "Progressing").isEmpty()) {
      condition(
          status,
          "Progressing",
          "True",
          "ReplicaSetUpdated",
          "ReplicaSet \"" + set + "\" is progressing.",
          now,
          true);
    } else if (overdue(rollout, status, now)) {
      condition(
          status,
          "Progressing",
          "False",
          "ProgressDeadlineExceeded",
          "ReplicaSet \"" + set + "\" has timed out progressing.",
          now,
          false);
    }
  }

  private static boolean progressed(JsonNode before, JsonNode after) {
    boolean newGeneration =
        after.path("observedGeneration").asLong() != before.path("observedGeneration").asLong();
    return newGeneration
        || grew(before, after, "updatedReplicas")
        || grew(before, after, "readyReplicas")
        || grew(before, after, "availableReplicas")
        || old(after) < old(before);
  }

  private static boolean grew(JsonNode before, JsonNode after, String field) {
    return after.path(field).asInt() > before.path(field).asInt();
  }

  private static int old(JsonNode status) {
    return status.path("replicas").asInt() - status.path("updatedReplicas").asInt();
  }

  private static boolean overdue(Rollout rollout, ObjectNode status, Instant now) {
    JsonNode condition = conditionOf(status, "Progressing").orElseThrow();
    if (condition.path("reason").asText().equals("NewReplicaSetAvailable")) {
      return false; // It was complete; pods that come and go are not a rollout.
    }
    int deadline = seconds(rollout);
    return deadline != NO_DEADLINE
        && Instant.parse(condition.path("lastUpdateTime").asText())
            .plusSeconds(deadline)
            .isBefore(now);
  }

  private static int seconds(Rollout rollout) {
    return rollout.deployment().path("spec").path("progressDeadlineSeconds").asInt(600);
  }

  private static Optional<Duration> deadline(Rollout rollout, Instant now) {
    if (complete(rollout) || seconds(rollout) == NO_DEADLINE) {
      return Optional.empty();
    }
    return conditionOf(rollout.deployment().path("status"), "Progressing")
        .filter(condition -> condition.path("status").asText().equals("True"))
        .map(condition -> Instant.parse(condition.path("lastUpdateTime").asText()))
        .map(updated -> Duration.between(now, updated.plusSeconds(seconds(rollout) + 1L)))
        .filter(Duration::isPositive);
  }

  private static Optional<JsonNode> conditionOf(JsonNode status, String type) {
    for (JsonNode condition : status.path("conditions")) {
      if (condition.path("type").asText().equals(type)) {
        return Optional.of(condition);
      }
    }
    return Optional.empty();
  }

  private static void condition(
      ObjectNode status,
      String type,
      String value,
      String reason,
      String message,
      Instant now,
      boolean touch) {
    String time = now.truncatedTo(ChronoUnit.SECONDS).toString();
    Optional<JsonNode> present = conditionOf(status, type);
    ObjectNode condition;
    if (present.isPresent()) {
      condition = (ObjectNode) present.get();
    } else {
      ArrayNode list =
          status.get("conditions") instanceof ArrayNode conditions
              ? conditions
              : status.putArray("conditions");
      condition = list.addObject().put("type", type);
    }
    boolean turned = !condition.path("status").asText().equals(value);
    boolean changed = turned || !condition.path("reason").asText().equals(reason);
    condition.put("status", value).put("reason", reason).put("message", message);
    if (turned) {
      condition.put("lastTransitionTime", time);
    }
    if (changed || touch) {
      condition.put("lastUpdateTime", time);
    }
  }

  private static void count(ObjectNode status, String field, int value) {
    if (value == 0) {
      status.remove(field);
    } else {
      status.put(field, value);
    }
  }
}
