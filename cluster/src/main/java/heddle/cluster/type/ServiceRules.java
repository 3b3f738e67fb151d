package heddle.cluster.type;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Services: everything but addresses and node ports, which need to see the other services. */
final class ServiceRules implements Rules {
  private static final List<String> TYPES =
      List.of("ClusterIP", "ExternalName", "LoadBalancer", "NodePort");

  @Override
  public void defaults(ObjectNode service) {
    ObjectNode spec = Fill.object(service, "spec");
    Fill.text(spec, "type", "ClusterIP");
    Fill.text(spec, "sessionAffinity", "None");
    String type = spec.path("type").asText();
    if (!type.equals("ExternalName")) {
      Fill.text(spec, "internalTrafficPolicy", "Cluster");
      Fill.text(spec, "ipFamilyPolicy", "SingleStack");
      if (Fill.absent(spec, "ipFamilies")) {
        spec.putArray("ipFamilies").add("IPv4");
      }
    }
    if (type.equals("NodePort") || type.equals("LoadBalancer")) {
      Fill.text(spec, "externalTrafficPolicy", "Cluster");
    }
    if (type.equals("LoadBalancer")) {
      Fill.flag(spec, "allocateLoadBalancerNodePorts", true);
    }
    if (spec.path("sessionAffinity").asText().equals("ClientIP")) {
      ObjectNode client = Fill.object(Fill.object(spec, "sessionAffinityConfig"), "clientIP");
      Fill.number(client, "timeoutSeconds", 10800);
    }
    for (JsonNode port : spec.path("ports")) {
      if (port instanceof ObjectNode object) {
        Fill.text(object, "protocol", "TCP");
        if (Fill.absent(object, "targetPort") || object.path("targetPort").asText().equals("0")) {
          object.set("targetPort", object.path("port"));
        }
      }
    }
    Fill.object(Fill.object(service, "status"), "loadBalancer");
  }

  @Override
  public void validate(ObjectNode service, @Nullable ObjectNode old, Problems problems) {
    JsonNode spec = service.path("spec");
    PodTemplate.choice("spec.type", spec, TYPES, problems);
    String type = spec.path("type").asText();
    boolean headless = spec.path("clusterIP").asText("").equals("None");
    if (type.equals("ExternalName")) {
      if (spec.path("externalName").asText("").isEmpty()) {
        problems.required("spec.externalName", "");
      }
    } else if (spec.path("ports").isEmpty() && !headless) {
      problems.required("spec.ports", "");
    }
    ports(spec, problems);
    immutableAddress(spec, old, problems);
  }

  private static void ports(JsonNode spec, Problems problems) {
    Set<String> names = new HashSet<>();
    Set<String> numbers = new HashSet<>();
    int index = 0;
    for (JsonNode port : spec.path("ports")) {
      String at = "spec.ports[" + index++ + "]";
      int number = port.path("port").asInt();
      if (number < 1 || number > 65535) {
        problems.invalid(at + ".port", number, "must be between 1 and 65535, inclusive");
      }
      String name = port.path("name").asText("");
      if (name.isEmpty() && spec.path("ports").size() > 1) {
        problems.required(at + ".name", "");
      } else if (!name.isEmpty() && !names.add(name)) {
        problems.duplicate(at + ".name", name);
      }
      if (!numbers.add(port.path("protocol").asText() + number)) {
        problems.duplicate(at, port);
      }
    }
  }

  private static void immutableAddress(JsonNode spec, @Nullable ObjectNode old, Problems problems) {
    if (old == null) {
      return;
    }
    String before = old.path("spec").path("clusterIP").asText("");
    boolean external = spec.path("type").asText().equals("ExternalName");
    if (!before.isEmpty() && !external && !before.equals(spec.path("clusterIP").asText(""))) {
      problems.invalid(
          "spec.clusterIPs[0]", spec.path("clusterIP").asText(""), "may not change once set");
    }
  }
}
