package heddle.cluster.controller.service;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The endpoints of one Service, collected from its slices. */
final class ServiceEndpoints {
  private final List<Endpoint> all = new ArrayList<>();

  /**
   * One address behind a Service.
   *
   * @param ports by the Service port's name
   * @param hostname the pod's own name below the Service, or empty
   */
  record Endpoint(
      Inet4Address address,
      boolean ready,
      boolean serving,
      String hostname,
      Map<String, Integer> ports) {}

  ServiceEndpoints(Iterable<ObjectNode> slices) {
    for (ObjectNode slice : slices) {
      Map<String, Integer> ports = new LinkedHashMap<>();
      slice
          .path("ports")
          .forEach(p -> ports.put(p.path("name").asText(""), p.path("port").asInt()));
      for (JsonNode endpoint : slice.path("endpoints")) {
        add(endpoint, ports);
      }
    }
  }

  private void add(JsonNode endpoint, Map<String, Integer> ports) {
    JsonNode conditions = endpoint.path("conditions");
    boolean ready = conditions.path("ready").asBoolean(true);
    boolean serving = conditions.path("serving").asBoolean(ready);
    for (JsonNode text : endpoint.path("addresses")) {
      Optional<Inet4Address> address = Addresses.parse(text.asText());
      address.ifPresent(
          a ->
              all.add(
                  new Endpoint(a, ready, serving, endpoint.path("hostname").asText(""), ports)));
    }
  }

  /** Ready ones; while there are none, those that still serve on their way out. */
  List<Endpoint> usable() {
    List<Endpoint> ready = all.stream().filter(Endpoint::ready).toList();
    return ready.isEmpty() ? all.stream().filter(Endpoint::serving).toList() : ready;
  }

  List<Endpoint> ready() {
    return all.stream().filter(Endpoint::ready).toList();
  }

  List<InetSocketAddress> usable(String portName) {
    return usable().stream()
        .filter(endpoint -> endpoint.ports().containsKey(portName))
        .map(e -> new InetSocketAddress(e.address(), e.ports().get(portName)))
        .toList();
  }
}
