package heddle.cluster.type;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Defaults and checks of a pod spec, in pods and in templates. Source: core/v1 defaults. */
final class PodTemplate {
  private static final int DEFAULT_MODE = 0644;
  private static final List<String> PROBES =
      List.of("livenessProbe", "readinessProbe", "startupProbe");

  private PodTemplate() {}

  static void defaults(ObjectNode spec) {
    Fill.text(spec, "restartPolicy", "Always");
    Fill.text(spec, "dnsPolicy", "ClusterFirst");
    Fill.number(spec, "terminationGracePeriodSeconds", 30);
    Fill.text(spec, "schedulerName", "default-scheduler");
    Fill.object(spec, "securityContext");
    if (spec.hasNonNull("serviceAccountName")) {
      spec.set("serviceAccount", spec.get("serviceAccountName"));
    } else if (spec.hasNonNull("serviceAccount")) {
      spec.set("serviceAccountName", spec.get("serviceAccount"));
    }
    for (String list : List.of("initContainers", "containers", "ephemeralContainers")) {
      for (JsonNode container : spec.path(list)) {
        if (container instanceof ObjectNode object) {
          container(object);
        }
      }
    }
    for (JsonNode volume : spec.path("volumes")) {
      if (volume instanceof ObjectNode object) {
        volume(object);
      }
    }
  }

  private static void container(ObjectNode container) {
    String image = container.path("image").asText("");
    Fill.text(container, "imagePullPolicy", floating(image) ? "Always" : "IfNotPresent");
    Fill.text(container, "terminationMessagePath", "/dev/termination-log");
    Fill.text(container, "terminationMessagePolicy", "File");
    ObjectNode resources = Fill.object(container, "resources");
    if (resources.get("limits") instanceof ObjectNode limits && !limits.isEmpty()) {
      ObjectNode requests = Fill.object(resources, "requests");
      limits.properties().stream()
          .filter(limit -> !requests.has(limit.getKey()))
          .forEach(limit -> requests.set(limit.getKey(), limit.getValue()));
    }
    for (JsonNode port : container.path("ports")) {
      if (port instanceof ObjectNode object) {
        Fill.text(object, "protocol", "TCP");
      }
    }
    for (String name : PROBES) {
      if (container.get(name) instanceof ObjectNode probe) {
        probe(probe);
      }
    }
    for (JsonNode variable : container.path("env")) {
      if (variable.path("valueFrom").get("fieldRef") instanceof ObjectNode reference) {
        Fill.text(reference, "apiVersion", "v1");
      }
    }
    for (JsonNode handler : container.path("lifecycle")) {
      http(handler);
    }
  }

  private static boolean floating(String image) {
    String last = image.substring(image.lastIndexOf('/') + 1);
    return !image.contains("@") && (!last.contains(":") || last.endsWith(":latest"));
  }

  private static void probe(ObjectNode probe) {
    Fill.number(probe, "timeoutSeconds", 1);
    Fill.number(probe, "periodSeconds", 10);
    Fill.number(probe, "successThreshold", 1);
    Fill.number(probe, "failureThreshold", 3);
    http(probe);
    if (probe.get("grpc") instanceof ObjectNode grpc) {
      Fill.emptyText(grpc, "service");
    }
  }

  private static void http(JsonNode handler) {
    if (handler.get("httpGet") instanceof ObjectNode get) {
      Fill.text(get, "path", "/");
      Fill.text(get, "scheme", "HTTP");
    }
  }

  private static void volume(ObjectNode volume) {
    for (String source : List.of("configMap", "secret", "downwardAPI", "projected")) {
      if (volume.get(source) instanceof ObjectNode object) {
        Fill.number(object, "defaultMode", DEFAULT_MODE);
      }
    }
    if (volume.get("hostPath") instanceof ObjectNode hostPath) {
      Fill.emptyText(hostPath, "type");
    }
    for (JsonNode source : volume.path("projected").path("sources")) {
      if (source.get("serviceAccountToken") instanceof ObjectNode token) {
        Fill.number(token, "expirationSeconds", 3600);
      }
    }
  }

  static void validate(String path, JsonNode spec, Problems problems) {
    Set<String> names = new HashSet<>();
    if (spec.path("containers").isEmpty()) {
      problems.required(path + ".containers", "");
    }
    for (String list : List.of("initContainers", "containers")) {
      int index = 0;
      for (JsonNode container : spec.path(list)) {
        container(path + "." + list + "[" + index++ + "]", container, names, problems);
      }
    }
    Set<String> volumes = new HashSet<>();
    int index = 0;
    for (JsonNode volume : spec.path("volumes")) {
      String at = path + ".volumes[" + index++ + "].name";
      names(at, volume.path("name").asText(""), volumes, problems);
    }
    mounts(path, spec, volumes, problems);
    choice(path + ".restartPolicy", spec, List.of("Always", "OnFailure", "Never"), problems);
  }

  static void choice(String path, JsonNode spec, List<String> allowed, Problems problems) {
    JsonNode value = spec.path(path.substring(path.lastIndexOf('.') + 1));
    if (value.isTextual() && !allowed.contains(value.asText())) {
      problems.unsupported(path, value, allowed);
    }
  }

  private static void container(
      String path, JsonNode container, Set<String> names, Problems problems) {
    names(path + ".name", container.path("name").asText(""), names, problems);
    if (container.path("image").asText("").isEmpty()) {
      problems.required(path + ".image", "");
    }
    Set<String> ports = new HashSet<>();
    int index = 0;
    for (JsonNode port : container.path("ports")) {
      String at = path + ".ports[" + index++ + "]";
      int number = port.path("containerPort").asInt();
      if (number < 1 || number > 65535) {
        problems.invalid(at + ".containerPort", number, "must be between 1 and 65535, inclusive");
      }
      String name = port.path("name").asText("");
      if (!name.isEmpty() && !ports.add(name)) {
        problems.duplicate(at + ".name", name);
      }
    }
    for (String probe : List.of("livenessProbe", "startupProbe")) {
      JsonNode threshold = container.path(probe).path("successThreshold");
      if (threshold.isInt() && threshold.asInt() != 1) {
        problems.invalid(path + "." + probe + ".successThreshold", threshold, "must be 1");
      }
    }
  }

  private static void names(String path, String name, Set<String> seen, Problems problems) {
    if (name.isEmpty()) {
      problems.required(path, "");
    } else if (!Names.isLabel(name)) {
      problems.invalid(path, name, Names.LABEL_RULE);
    } else if (!seen.add(name)) {
      problems.duplicate(path, name);
    }
  }

  private static void mounts(String path, JsonNode spec, Set<String> volumes, Problems problems) {
    for (String list : List.of("initContainers", "containers")) {
      int i = 0;
      for (JsonNode container : spec.path(list)) {
        int j = 0;
        for (JsonNode mount : container.path("volumeMounts")) {
          JsonNode name = mount.path("name");
          String at = "%s.%s[%d].volumeMounts[%d]".formatted(path, list, i, j++);
          if (!volumes.contains(name.asText(""))) {
            problems.add(
                "FieldValueNotFound", at + ".name", "Not found: \"" + name.asText("") + '"');
          }
          if (mount.path("mountPath").asText("").isEmpty()) {
            problems.required(at + ".mountPath", "");
          }
        }
        i++;
      }
    }
  }
}
