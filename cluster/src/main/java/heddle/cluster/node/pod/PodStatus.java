package heddle.cluster.node.pod;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.Inet4Address;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Writes a pod's status from what its containers do. Conditions that others own (readiness gates)
 * stay as they are.
 */
final class PodStatus {
  private final ObjectNode pod;
  private final List<ContainerSlot> slots;
  private final Instant now;

  /**
   * @param pod the stored object, whose status is changed
   */
  PodStatus(ObjectNode pod, List<ContainerSlot> slots, Instant now) {
    this.pod = pod;
    this.slots = slots;
    this.now = now;
  }

  /**
   * @param address null before the pod has its network
   * @param failure reason and message of a pod that failed as a whole, or null
   */
  ObjectNode write(@Nullable Inet4Address address, Inet4Address node, @Nullable Failure failure) {
    ObjectNode status =
        pod.get("status") instanceof ObjectNode present ? present : pod.putObject("status");
    String phase = failure != null ? "Failed" : phase();
    status.put("phase", phase);
    status.put("qosClass", QualityOfService.of(pod));
    if (!status.has("startTime")) {
      status.put("startTime", ContainerState.seconds(now));
    }
    status.put("hostIP", node.getHostAddress());
    status.putArray("hostIPs").addObject().put("ip", node.getHostAddress());
    if (address != null) {
      status.put("podIP", address.getHostAddress());
      status.putArray("podIPs").addObject().put("ip", address.getHostAddress());
    } else if (!phase.equals("Succeeded") && !phase.equals("Failed")) {
      status.remove(List.of("podIP", "podIPs"));
    }
    if (failure != null) {
      status.put("reason", failure.reason()).put("message", failure.message());
    }
    containers(status);
    conditions(status, phase, address != null);
    return pod;
  }

  /** Why a pod failed as a whole. */
  record Failure(String reason, String message) {}

  /** Pending until one container has started, then by what became of them. */
  String phase() {
    List<ContainerSlot> main = of(ContainerSpec.Role.MAIN);
    boolean always = restartPolicy().equals("Always");
    for (ContainerSlot slot : of(ContainerSpec.Role.INIT)) {
      if (slot.terminated() && !slot.succeeded() && restartPolicy().equals("Never")) {
        return "Failed";
      }
    }
    boolean anyStarted =
        main.stream().anyMatch(s -> s.running != null || s.last != null || s.terminated());
    if (!anyStarted) {
      return "Pending";
    }
    boolean allEnded = main.stream().allMatch(s -> s.terminated() && !s.starting);
    if (allEnded && (!always || deleting())) {
      return main.stream().allMatch(ContainerSlot::succeeded) ? "Succeeded" : "Failed";
    }
    boolean waiting =
        main.stream()
            .anyMatch(
                s ->
                    s.state instanceof ContainerState.Waiting
                        && s.last == null
                        && s.running == null);
    return waiting ? "Pending" : "Running";
  }

  private boolean deleting() {
    return pod.path("metadata").has("deletionTimestamp");
  }

  private String restartPolicy() {
    return pod.path("spec").path("restartPolicy").asText("Always");
  }

  private List<ContainerSlot> of(ContainerSpec.Role role) {
    return slots.stream().filter(slot -> slot.spec.role() == role).toList();
  }

  private void containers(ObjectNode status) {
    status.remove("initContainerStatuses");
    ArrayNode main = status.putArray("containerStatuses");
    for (ContainerSlot slot : slots) {
      ArrayNode list =
          slot.spec.role() == ContainerSpec.Role.MAIN
              ? main
              : status.get("initContainerStatuses") instanceof ArrayNode present
                  ? present
                  : status.putArray("initContainerStatuses");
      container(list.addObject(), slot);
    }
  }

  private static void container(ObjectNode into, ContainerSlot slot) {
    into.put("name", slot.spec.name());
    slot.state.write(into.putObject("state"));
    ObjectNode last = into.putObject("lastState");
    if (slot.last != null) {
      slot.last.write(last);
    }
    into.put("ready", ready(slot)).put("restartCount", slot.restarts);
    into.put("image", slot.spec.image()).put("imageID", slot.imageId);
    if (!slot.containerId.isEmpty()) {
      into.put("containerID", slot.containerId);
    }
    into.put("started", slot.started);
  }

  /** An init container is ready once it is done; any other while it runs and says so. */
  private static boolean ready(ContainerSlot slot) {
    return slot.spec.role() == ContainerSpec.Role.INIT ? slot.succeeded() : slot.ready;
  }

  private void conditions(ObjectNode status, String phase, boolean network) {
    boolean done = phase.equals("Succeeded");
    boolean failed = phase.equals("Failed");
    List<String> uninitialised =
        slots.stream()
            .filter(s -> s.spec.role() != ContainerSpec.Role.MAIN && !initialised(s))
            .map(s -> s.spec.name())
            .toList();
    List<String> unready =
        slots.stream()
            .filter(s -> s.spec.role() != ContainerSpec.Role.INIT && !s.ready)
            .map(s -> s.spec.name())
            .toList();
    Conditions conditions = new Conditions(status, now);
    conditions.set("PodReadyToStartContainers", network && !done && !failed, "", "");
    conditions.set(
        "Initialized",
        uninitialised.isEmpty() || done,
        done ? "PodCompleted" : uninitialised.isEmpty() ? "" : "ContainersNotInitialized",
        uninitialised.isEmpty() ? "" : "containers with incomplete status: " + uninitialised);
    String reason =
        done
            ? "PodCompleted"
            : failed ? "PodFailed" : unready.isEmpty() ? "" : "ContainersNotReady";
    String message =
        done || failed || unready.isEmpty() ? "" : "containers with unready status: " + unready;
    boolean containersReady = unready.isEmpty() && uninitialised.isEmpty() && !done && !failed;
    conditions.set("ContainersReady", containersReady, reason, message);
    List<String> gates = closedGates(conditions);
    if (containersReady && !gates.isEmpty()) {
      conditions.set("Ready", false, "ReadinessGatesNotReady", String.join(", ", gates));
    } else {
      conditions.set("Ready", containersReady, reason, message);
    }
    if (!conditions.has("PodScheduled")) {
      conditions.set("PodScheduled", true, "", "");
    }
  }

  private static boolean initialised(ContainerSlot slot) {
    return slot.spec.role() == ContainerSpec.Role.INIT ? slot.succeeded() : slot.started;
  }

  private List<String> closedGates(Conditions conditions) {
    Set<String> closed = new LinkedHashSet<>();
    for (JsonNode gate : pod.path("spec").path("readinessGates")) {
      String type = gate.path("conditionType").asText();
      if (!conditions.isTrue(type)) {
        closed.add(
            conditions.has(type)
                ? "the status of pod readiness gate \"" + type + "\" is not \"True\", but False"
                : "corresponding condition of pod readiness gate \"" + type + "\" does not exist.");
      }
    }
    return new ArrayList<>(closed);
  }
}
