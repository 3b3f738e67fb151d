package heddle.cluster.table;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import heddle.cluster.object.Metadata;
import java.time.Instant;

/** The words for a pod's state. Source: Kubernetes' printPod. */
final class PodText {

  private PodText() {}

  static String ready(ObjectNode pod) {
    int ready = 0;
    for (JsonNode status : pod.path("status").path("containerStatuses")) {
      boolean running = status.path("state").has("running");
      ready += status.path("ready").asBoolean() && running ? 1 : 0;
    }
    int total = pod.path("spec").path("containers").size();
    for (JsonNode container : pod.path("spec").path("initContainers")) {
      if (sidecar(container)) {
        total++;
        JsonNode status = initStatus(pod, container.path("name").asText());
        ready += status.path("ready").asBoolean() && status.path("started").asBoolean() ? 1 : 0;
      }
    }
    return ready + "/" + total;
  }

  private static boolean sidecar(JsonNode container) {
    return container.path("restartPolicy").asText("").equals("Always");
  }

  private static JsonNode initStatus(ObjectNode pod, String name) {
    for (JsonNode status : pod.path("status").path("initContainerStatuses")) {
      if (status.path("name").asText().equals(name)) {
        return status;
      }
    }
    return com.fasterxml.jackson.databind.node.MissingNode.getInstance();
  }

  static String status(ObjectNode pod) {
    JsonNode status = pod.path("status");
    String reason = status.path("reason").asText("");
    String text = reason.isEmpty() ? status.path("phase").asText("Unknown") : reason;
    for (JsonNode condition : status.path("conditions")) {
      if (condition.path("reason").asText().equals("SchedulingGated")) {
        text = "SchedulingGated";
      }
    }
    String init = initializing(pod);
    if (!init.isEmpty()) {
      text = init;
    } else {
      text = containers(pod, text);
    }
    if (Metadata.deleting(pod)) {
      String phase = status.path("phase").asText();
      boolean finished = phase.equals("Succeeded") || phase.equals("Failed");
      return reason.equals("NodeLost") ? "Unknown" : finished ? text : "Terminating";
    }
    return text;
  }

  /** Empty when initialization is over. */
  private static String initializing(ObjectNode pod) {
    JsonNode containers = pod.path("spec").path("initContainers");
    int index = 0;
    for (JsonNode status : pod.path("status").path("initContainerStatuses")) {
      JsonNode container = containers.path(index);
      JsonNode state = status.path("state");
      JsonNode terminated = state.path("terminated");
      boolean done = terminated.isObject() && terminated.path("exitCode").asInt() == 0;
      boolean up = sidecar(container) && status.path("started").asBoolean();
      if (!done && !up) {
        String waiting = state.path("waiting").path("reason").asText("");
        if (terminated.isObject()) {
          return "Init:" + terminated(terminated);
        }
        return waiting.isEmpty() || waiting.equals("PodInitializing")
            ? "Init:" + index + "/" + containers.size()
            : "Init:" + waiting;
      }
      index++;
    }
    return "";
  }

  private static String containers(ObjectNode pod, String phase) {
    String text = phase;
    boolean running = false;
    JsonNode statuses = pod.path("status").path("containerStatuses");
    for (int i = statuses.size() - 1; i >= 0; i--) {
      JsonNode status = statuses.get(i);
      JsonNode state = status.path("state");
      String waiting = state.path("waiting").path("reason").asText("");
      if (!waiting.isEmpty()) {
        text = waiting;
      } else if (state.path("terminated").isObject()) {
        text = terminated(state.path("terminated"));
      } else if (status.path("ready").asBoolean() && state.has("running")) {
        running = true;
      }
    }
    if (text.equals("Completed") && running) {
      return isReady(pod) ? "Running" : "NotReady";
    }
    return text;
  }

  private static boolean isReady(ObjectNode pod) {
    for (JsonNode condition : pod.path("status").path("conditions")) {
      if (condition.path("type").asText().equals("Ready")) {
        return condition.path("status").asText().equals("True");
      }
    }
    return false;
  }

  private static String terminated(JsonNode terminated) {
    String reason = terminated.path("reason").asText("");
    if (!reason.isEmpty()) {
      return reason;
    }
    int signal = terminated.path("signal").asInt();
    return signal != 0 ? "Signal:" + signal : "ExitCode:" + terminated.path("exitCode").asInt();
  }

  static String restarts(ObjectNode pod, Instant now) {
    long restarts = 0;
    String last = "";
    for (JsonNode status : pod.path("status").path("containerStatuses")) {
      restarts += status.path("restartCount").asLong();
      String finished = status.path("lastState").path("terminated").path("finishedAt").asText("");
      last = finished.compareTo(last) > 0 ? finished : last;
    }
    return restarts == 0 || last.isEmpty()
        ? Long.toString(restarts)
        : restarts + " (" + Age.since(last, now) + " ago)";
  }

  static String gates(ObjectNode pod) {
    JsonNode gates = pod.path("spec").path("readinessGates");
    if (gates.isEmpty()) {
      return "<none>";
    }
    int met = 0;
    for (JsonNode gate : gates) {
      for (JsonNode condition : pod.path("status").path("conditions")) {
        boolean same = condition.path("type").equals(gate.path("conditionType"));
        met += same && condition.path("status").asText().equals("True") ? 1 : 0;
      }
    }
    return met + "/" + gates.size();
  }
}
