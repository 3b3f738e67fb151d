package heddle.cluster.controller.service;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import heddle.cluster.object.Metadata;
import heddle.network.NameTable.Srv;
import java.net.Inet4Address;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * The names of one object in DNS (Kubernetes DNS-based service discovery).
 *
 * @param zones beyond {@code cluster.local}
 */
record ServiceNames(
    Set<String> zones,
    Map<String, List<Inet4Address>> addresses,
    Map<String, String> aliases,
    Map<String, List<Srv>> services) {
  static final String CLUSTER = "cluster.local";

  static ServiceNames none() {
    return new ServiceNames(
        new LinkedHashSet<>(), new LinkedHashMap<>(), new LinkedHashMap<>(), new LinkedHashMap<>());
  }

  static ServiceNames of(ObjectNode service, ServiceEndpoints endpoints) {
    ServiceNames names = none();
    JsonNode spec = service.path("spec");
    String name = fullName(Metadata.name(service), Metadata.namespace(service));
    if (spec.path("type").asText().equals("ExternalName")) {
      names.aliases.put(name, lower(spec.path("externalName").asText()));
      return names;
    }
    String address = spec.path("clusterIP").asText("");
    if (address.equals("None")) {
      names.headless(name, spec, endpoints);
    } else {
      Addresses.parse(address).ifPresent(ip -> names.addresses.put(name, List.of(ip)));
      for (JsonNode port : spec.path("ports")) {
        names.service(name, port, new Srv(name, port.path("port").asInt()));
      }
    }
    return names;
  }

  private void headless(String name, JsonNode spec, ServiceEndpoints endpoints) {
    List<Inet4Address> ready = new ArrayList<>();
    for (ServiceEndpoints.Endpoint endpoint : endpoints.ready()) {
      ready.add(endpoint.address());
      String label =
          endpoint.hostname().isEmpty()
              ? endpoint.address().getHostAddress().replace('.', '-')
              : lower(endpoint.hostname());
      String own = label + "." + name;
      addresses.put(own, List.of(endpoint.address()));
      for (JsonNode port : spec.path("ports")) {
        Integer number = endpoint.ports().get(port.path("name").asText(""));
        if (number != null) {
          service(name, port, new Srv(own, number));
        }
      }
    }
    addresses.put(name, ready);
  }

  private void service(String name, JsonNode port, Srv target) {
    String portName = port.path("name").asText("");
    if (!portName.isEmpty()) {
      String full =
          "_" + lower(portName) + "._" + lower(port.path("protocol").asText("TCP")) + "." + name;
      services.computeIfAbsent(full, n -> new ArrayList<>()).add(target);
    }
  }

  /**
   * The names of a slice that stands for a Cloud Map service.
   *
   * @param cloudMapName {@code SERVICE.NAMESPACE}; the namespace becomes a zone of its own
   */
  static ServiceNames cloudMap(String cloudMapName, ServiceEndpoints endpoints) {
    ServiceNames names = none();
    String name = lower(cloudMapName);
    int dot = name.indexOf('.');
    if (dot > 0) {
      names.zones.add(name.substring(dot + 1));
      names.addresses.put(
          name, endpoints.ready().stream().map(ServiceEndpoints.Endpoint::address).toList());
    }
    return names;
  }

  private static String fullName(String service, String namespace) {
    return lower(service) + "." + lower(namespace) + ".svc." + CLUSTER;
  }

  private static String lower(String text) {
    return text.toLowerCase(Locale.ROOT);
  }

  /** Adds all of this to the parts of a table; addresses of one name come together. */
  void addTo(ServiceNames table) {
    table.zones.addAll(zones);
    addresses.forEach(
        (name, list) ->
            table.addresses.merge(
                name,
                list,
                (one, other) -> {
                  Set<Inet4Address> both = new LinkedHashSet<>(one);
                  both.addAll(other);
                  return List.copyOf(both);
                }));
    table.aliases.putAll(aliases);
    table.services.putAll(services);
  }
}
