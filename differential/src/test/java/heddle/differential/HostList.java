package heddle.differential;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.TreeMap;

/**
 * Makes a ClusterLoadAssignment of a list of hosts: names of upstreams, or mappings {@code host,
 * weight, health, priority, locality, locality_weight, hostname, check, metadata}.
 */
final class HostList {
  private final String where;

  HostList(String where) {
    this.where = where;
  }

  ObjectNode assignment(String cluster, JsonNode hosts) {
    ObjectNode assignment = JsonNodeFactory.instance.objectNode();
    assignment.put("cluster_name", cluster);
    ArrayNode localities = assignment.putArray("endpoints");
    Map<String, ObjectNode> known = new TreeMap<>();
    for (JsonNode node : hosts) {
      JsonNode host =
          node.isObject() ? node : JsonNodeFactory.instance.objectNode().set("host", node);
      Part part = new Part(where, "", host);
      int priority = part.number("priority", 0);
      String zone = part.text("locality", "");
      ObjectNode locality =
          known.computeIfAbsent(
              priority + "/" + zone, key -> locality(localities, priority, zone, part));
      part.has("locality_weight");
      ((ArrayNode) locality.get("lb_endpoints")).add(endpoint(part));
      part.end();
    }
    return assignment;
  }

  private static ObjectNode locality(ArrayNode all, int priority, String zone, Part part) {
    ObjectNode locality = all.addObject();
    if (!zone.isEmpty()) {
      locality.putObject("locality").put("zone", zone);
    }
    if (part.has("locality_weight")) {
      locality.put("load_balancing_weight", part.number("locality_weight", 1));
    }
    locality.put("priority", priority);
    locality.putArray("lb_endpoints");
    return locality;
  }

  private static ObjectNode endpoint(Part part) {
    ObjectNode host = JsonNodeFactory.instance.objectNode();
    ObjectNode endpoint = host.putObject("endpoint");
    endpoint
        .putObject("address")
        .putObject("socket_address")
        .put("address", "127.0.0.1")
        .put("port_value", "${" + part.text("host") + ".port}");
    if (part.has("hostname")) {
      endpoint.put("hostname", part.text("hostname"));
    }
    if (part.has("check")) {
      endpoint.set("health_check_config", part.get("check"));
    }
    if (part.has("health")) {
      host.put("health_status", part.text("health"));
    }
    if (part.has("weight")) {
      host.put("load_balancing_weight", part.number("weight", 1));
    }
    if (part.has("metadata")) {
      host.set("metadata", part.get("metadata"));
    }
    return host;
  }
}
