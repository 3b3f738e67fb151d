package heddle.cluster.node.pod;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import heddle.cluster.object.Metadata;
import java.net.Inet4Address;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A pod's status as a function of what is observed of it, and of its earlier status. Conditions
 * that others own (readiness gates) stay as they are.
 */
final class PodStatus {
  private final ObjectNode pod;
  private final Observation observed;

  /**
   * What the node agent sees of a pod.
   *
   * @param address null while the pod has no network
   * @param node the node's address
   * @param failure why the pod failed as a whole, or null
   */
  record Observation(
      List<ContainerSlot> containers,
      @Nullable Inet4Address address,
      Inet4Address node,
      @Nullable Failure failure,
      Instant now) {}

  private PodStatus(ObjectNode pod, Observation observed) {
    this.pod = pod;
    this.observed = observed;
  }

  /**
   * Writes the status of what was observed into a pod.
   *
   * @param pod the stored object, with its earlier status
   * @return the same object
   */
  static ObjectNode of(ObjectNode pod, Observation observed) {
    new PodStatus(pod, observed).write();
    return pod;
  }

  private void write() {
    ObjectNode status =
        pod.get("status") instanceof ObjectNode present ? present : pod.putObject("status");
    Failure failure = observed.failure();
    String phase = failure != null ? "Failed" : phase();
    status.put("phase", phase);
    status.put("qosClass", QualityOfService.of(pod));
    if (!status.has("startTime")) {
      status.put("startTime", ContainerState.seconds(observed.now()));
    }
    if (failure != null) {
      status.put("reason", failure.reason()).put("message", failure.message());
    }
    addresses(status, phase);
    containers(status);
    conditions(status, phase);
  }

  private static boolean over(String phase) {
    return phase.equals("Succeeded") || phase.equals("Failed");
  }

  private void addresses(ObjectNode status, String phase) {
    String node = observed.node().getHostAddress();
    status.put("hostIP", node).putArray("hostIPs").addObject().put("ip", node);
    Inet4Address own = observed.address();
    if (own != null) {
      String address = own.getHostAddress();
      status.put("podIP", address).putArray("podIPs").addObject().put("ip", address);
    } else if (!over(phase)) {
      status.remove(List.of("podIP", "podIPs"));
    }
  }

  /** Why a pod failed as a whole. */
  record Failure(String reason, String message) {}

  /** Pending until one container has started, then by what became of them. */
  private String phase() {
    RestartPolicy policy = RestartPolicy.of(pod);
    boolean initFailed =
        of(ContainerSpec.Role.INIT).stream()
            .anyMatch(s -> s.terminated() && !s.succeeded() && !policy.restarts(s));
    if (initFailed) {
      return "Failed";
    }
    List<ContainerSlot> main = of(ContainerSpec.Role.MAIN);
    if (main.stream().noneMatch(s -> s.running != null || s.last != null || s.terminated())) {
      return "Pending";
    }
    boolean allEnded = main.stream().allMatch(s -> s.terminated() && !s.starting);
    if (allEnded && (policy != RestartPolicy.ALWAYS || Metadata.deleting(pod))) {
      return main.stream().allMatch(ContainerSlot::succeeded) ? "Succeeded" : "Failed";
    }
    boolean waiting = main.stream().anyMatch(s -> !s.waitingFor().isEmpty() && s.last == null);
    return waiting ? "Pending" : "Running";
  }

  private List<ContainerSlot> of(ContainerSpec.Role role) {
    return observed.containers().stream().filter(slot -> slot.spec.role() == role).toList();
  }

  private void containers(ObjectNode status) {
    status.remove("initContainerStatuses");
    ArrayNode main = status.putArray("containerStatuses");
    for (ContainerSlot slot : observed.containers()) {
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

  private void conditions(ObjectNode status, String phase) {
    Conditions conditions = new Conditions(status, observed.now());
    conditions.set("PodReadyToStartContainers", observed.address() != null && !over(phase), "", "");
    List<String> uninitialised =
        names(s -> s.spec.role() != ContainerSpec.Role.MAIN && !initialised(s));
    initialised(conditions, phase, uninitialised);
    ready(conditions, phase, uninitialised.isEmpty());
    if (!conditions.has("PodScheduled")) {
      conditions.set("PodScheduled", true, "", "");
    }
  }

  private List<String> names(Predicate<ContainerSlot> which) {
    return observed.containers().stream().filter(which).map(s -> s.spec.name()).toList();
  }

  private static void initialised(Conditions conditions, String phase, List<String> uninitialised) {
    boolean done = phase.equals("Succeeded");
    conditions.set(
        "Initialized",
        uninitialised.isEmpty() || done,
        done ? "PodCompleted" : uninitialised.isEmpty() ? "" : "ContainersNotInitialized",
        uninitialised.isEmpty() ? "" : "containers with incomplete status: " + uninitialised);
  }

  private void ready(Conditions conditions, String phase, boolean initialised) {
    List<String> unready = names(s -> s.spec.role() != ContainerSpec.Role.INIT && !s.ready);
    boolean ready = unready.isEmpty() && initialised && !over(phase);
    String reason =
        switch (phase) {
          case "Succeeded" -> "PodCompleted";
          case "Failed" -> "PodFailed";
          default -> unready.isEmpty() ? "" : "ContainersNotReady";
        };
    String message =
        over(phase) || unready.isEmpty() ? "" : "containers with unready status: " + unready;
    conditions.set("ContainersReady", ready, reason, message);
    List<String> gates = closedGates(conditions);
    if (ready && !gates.isEmpty()) {
      conditions.set("Ready", false, "ReadinessGatesNotReady", String.join(", ", gates));
    } else {
      conditions.set("Ready", ready, reason, message);
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
