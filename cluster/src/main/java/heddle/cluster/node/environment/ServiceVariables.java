package heddle.cluster.node.environment;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import heddle.cluster.object.Metadata;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** The variables that name services: {@code WEB_SERVICE_HOST}, {@code WEB_PORT_80_TCP_ADDR}… */
final class ServiceVariables {
  private ServiceVariables() {}

  static Map<String, String> of(Collection<ObjectNode> services) {
    Map<String, String> variables = new LinkedHashMap<>();
    for (ObjectNode service : services) {
      String address = service.path("spec").path("clusterIP").asText("");
      JsonNode ports = service.path("spec").path("ports");
      if (!address.isEmpty() && !address.equals("None") && !ports.isEmpty()) {
        add(variables, identifier(Metadata.name(service)), address, ports);
      }
    }
    return variables;
  }

  private static void add(
      Map<String, String> variables, String name, String address, JsonNode ports) {
    JsonNode first = ports.get(0);
    variables.put(name + "_SERVICE_HOST", address);
    variables.put(name + "_SERVICE_PORT", first.path("port").asText());
    variables.put(name + "_PORT", url(first, address));
    for (JsonNode port : ports) {
      String portName = port.path("name").asText("");
      String number = port.path("port").asText();
      String protocol = port.path("protocol").asText("TCP");
      if (!portName.isEmpty()) {
        variables.put(name + "_SERVICE_PORT_" + identifier(portName), number);
      }
      String link = name + "_PORT_" + number + "_" + protocol;
      variables.put(link, url(port, address));
      variables.put(link + "_PROTO", protocol.toLowerCase(Locale.ROOT));
      variables.put(link + "_PORT", number);
      variables.put(link + "_ADDR", address);
    }
  }

  private static String url(JsonNode port, String address) {
    return port.path("protocol").asText("TCP").toLowerCase(Locale.ROOT)
        + "://"
        + address
        + ":"
        + port.path("port").asText();
  }

  private static String identifier(String name) {
    return name.toUpperCase(Locale.ROOT).replace('-', '_').replace('.', '_');
  }
}
