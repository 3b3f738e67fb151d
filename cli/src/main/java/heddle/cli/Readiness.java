package heddle.cli;

import com.fasterxml.jackson.databind.JsonNode;
import heddle.kube.KubeApi;
import heddle.kube.KubeException;
import heddle.kube.KubeObject;
import heddle.kube.apply.Waiter;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Waits until applied objects do what they are for. */
final class Readiness {

  private final KubeApi api;
  private final InstantSource clock;

  Readiness(KubeApi api, InstantSource clock) {
    this.api = api;
    this.clock = clock;
  }

  /**
   * Waits for all of them.
   *
   * @return what is not ready in time, one sentence each
   */
  List<String> await(List<KubeObject> objects, Duration limit, PrintWriter err)
      throws InterruptedException {
    Instant end = clock.instant().plus(limit);
    List<String> late = new ArrayList<>();
    Waiter waiter = new Waiter(api, System::nanoTime);
    try (Progress progress = Progress.of("Waiting for Ready", objects.size(), err)) {
      for (int i = 0; i < objects.size(); i++) {
        KubeObject object = objects.get(i);
        progress.at(i, object.toString());
        Duration left = Duration.between(clock.instant(), end);
        try {
          waiter.await(
              api.kindOf(object),
              object.namespace(),
              object.name(),
              "to be ready",
              Readiness::ready,
              left.isNegative() ? Duration.ZERO : left);
        } catch (KubeException e) {
          late.add(object + " is not ready: " + why(object));
        }
      }
      progress.at(objects.size(), "");
    }
    return late;
  }

  private String why(KubeObject object) {
    return api.get(api.kindOf(object), object.namespace(), object.name())
        .map(Readiness::reason)
        .orElse("it is not there");
  }

  /** What keeps an object from being ready: its waiting containers, else its conditions. */
  static String reason(KubeObject object) {
    Set<String> reasons = new LinkedHashSet<>();
    for (JsonNode container : object.status().path("containerStatuses")) {
      JsonNode waiting = container.path("state").path("waiting");
      if (!waiting.isMissingNode()) {
        String said = waiting.path("reason").asText() + " " + waiting.path("message").asText("");
        reasons.add(container.path("name").asText() + ": " + said.strip());
      }
    }
    if (reasons.isEmpty()) {
      for (JsonNode condition : object.status().path("conditions")) {
        String message = condition.path("message").asText("");
        if (!condition.path("status").asText().equals("True") && !message.isEmpty()) {
          reasons.add(condition.path("type").asText() + ": " + message);
        }
      }
    }
    return reasons.isEmpty()
        ? object.status().path("phase").asText("nothing is said of it")
        : String.join("; ", reasons);
  }

  /** Whether an object is as good as it gets; kinds without a state of their own are so at once. */
  static boolean ready(KubeObject object) {
    return switch (object.kind()) {
      case "Deployment" -> rolledOut(object);
      case "Pod" ->
          object.isTrue("Ready") || object.status().path("phase").asText().equals("Succeeded");
      case "CustomResourceDefinition" -> object.isTrue("Established");
      case "Mesh",
          "VirtualNode",
          "VirtualService",
          "VirtualRouter",
          "VirtualGateway",
          "GatewayRoute" ->
          object.isTrue(object.kind() + "Active");
      default -> true;
    };
  }

  private static boolean rolledOut(KubeObject deployment) {
    JsonNode status = deployment.status();
    int wanted = deployment.spec().path("replicas").asInt(1);
    return status.path("observedGeneration").asLong() >= deployment.generation()
        && status.path("updatedReplicas").asInt() == wanted
        && status.path("replicas").asInt() == wanted
        && status.path("availableReplicas").asInt() == wanted;
  }
}
