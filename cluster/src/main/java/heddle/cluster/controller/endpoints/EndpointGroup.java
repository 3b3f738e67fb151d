package heddle.cluster.controller.endpoints;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The pods of a service that listen on the same ports. There is more than one group only where a
 * named target port has different numbers in different pods.
 */
record EndpointGroup(List<Port> ports, List<ObjectNode> pods) {

  /** A service port as these pods have it. */
  record Port(String name, int number, String protocol, String appProtocol) {}

  /**
   * Groups pods by the ports that the service's target ports are in them; pods in address order.
   */
  static List<EndpointGroup> of(ObjectNode service, Collection<ObjectNode> pods) {
    Map<List<Port>, List<ObjectNode>> groups = new LinkedHashMap<>();
    pods.stream()
        .sorted(Comparator.comparing(pod -> pod.path("status").path("podIP").asText()))
        .forEach(
            pod -> groups.computeIfAbsent(ports(service, pod), p -> new ArrayList<>()).add(pod));
    List<EndpointGroup> result = new ArrayList<>();
    groups.forEach((ports, members) -> result.add(new EndpointGroup(ports, members)));
    return result;
  }

  private static List<Port> ports(ObjectNode service, ObjectNode pod) {
    List<Port> ports = new ArrayList<>();
    for (JsonNode port : service.path("spec").path("ports")) {
      target(port, pod)
          .ifPresent(
              number ->
                  ports.add(
                      new Port(
                          port.path("name").asText(""),
                          number,
                          port.path("protocol").asText("TCP"),
                          port.path("appProtocol").asText(""))));
    }
    return ports;
  }

  private static Optional<Integer> target(JsonNode port, ObjectNode pod) {
    JsonNode target = port.path("targetPort");
    if (target.isMissingNode()) {
      return Optional.of(port.path("port").asInt());
    }
    if (target.isNumber()) {
      return Optional.of(target.asInt());
    }
    for (JsonNode container : pod.path("spec").path("containers")) {
      for (JsonNode candidate : container.path("ports")) {
        if (candidate.path("name").asText().equals(target.asText())) {
          return Optional.of(candidate.path("containerPort").asInt());
        }
      }
    }
    return Optional.empty();
  }
}
