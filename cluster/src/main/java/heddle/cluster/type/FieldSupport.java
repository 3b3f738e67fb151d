package heddle.cluster.type;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The fields of built-in kinds that one machine cannot honour: those without a meaning here are
 * accepted with a warning, those whose absence would change behaviour are refused. This table is
 * the whole list; whoever implements one removes its line.
 */
public final class FieldSupport {
  private static final String ONE_NODE = "there is one node";
  private static final String SHARED = "pods share no namespace with the host";

  /** Pod spec. */
  private static final List<Line> POD =
      List.of(
          warn("affinity", ONE_NODE),
          warn("nodeSelector", ONE_NODE),
          warn("tolerations", ONE_NODE),
          warn("topologySpreadConstraints", ONE_NODE),
          warn("priorityClassName", "pods are never preempted"),
          warn("preemptionPolicy", "pods are never preempted"),
          warn("overhead", "pods have no runtime class"),
          warn("os", "every pod runs on Linux"),
          warn("imagePullSecrets", "images are resolved without credentials"),
          refuse("runtimeClassName", FieldSupport::set, "there are no runtime classes"),
          refuse(
              "schedulerName",
              v -> !v.asText().equals("default-scheduler"),
              "there is one scheduler"),
          refuse("hostNetwork", JsonNode::asBoolean, SHARED),
          refuse("hostPID", JsonNode::asBoolean, SHARED),
          refuse("hostIPC", JsonNode::asBoolean, SHARED),
          refuse("shareProcessNamespace", JsonNode::asBoolean, "containers have PIDs of their own"),
          refuse("setHostnameAsFQDN", JsonNode::asBoolean, "the host name is the pod's name"),
          refuse("ephemeralContainers", FieldSupport::set, "containers cannot be added to a pod"),
          refuse("resourceClaims", FieldSupport::set, "there are no devices to claim"),
          refuse("schedulingGates", FieldSupport::set, "pods are scheduled at once"),
          refuse("securityContext.sysctls", FieldSupport::set, "sysctls belong to the host"));

  /** Containers and init containers. */
  private static final List<Line> CONTAINER =
      List.of(
          warn("imagePullPolicy", "images resolve from the catalogue first"),
          refuse("volumeDevices", FieldSupport::set, "there are no block devices"),
          refuse(
              "securityContext.privileged",
              JsonNode::asBoolean,
              "no container gets rights on the host"));

  private static final List<Line> PORT =
      List.of(refuse("hostPort", v -> v.asInt() != 0, "use a Service of type LoadBalancer"));

  private static final Set<String> VOLUMES =
      Set.of("name", "configMap", "secret", "downwardAPI", "projected", "emptyDir");

  private static final List<Line> SERVICE =
      List.of(
          warn(
              "type",
              v -> v.asText().equals("NodePort"),
              "node ports are not opened on the host; use LoadBalancer, or kubectl port-forward"),
          warn("externalTrafficPolicy", ONE_NODE),
          warn("internalTrafficPolicy", ONE_NODE),
          warn("trafficDistribution", ONE_NODE),
          refuse("externalIPs", FieldSupport::set, "the host's addresses are not the cluster's"),
          refuse(
              "loadBalancerSourceRanges", FieldSupport::set, "load balancers listen on loopback"),
          refuse(
              "sessionAffinity",
              v -> v.asText().equals("ClientIP"),
              "connections are spread one by one"),
          refuse(
              "ipFamilyPolicy", v -> v.asText().equals("RequireDualStack"), "addresses are IPv4"));

  /** Where the pod spec of a kind is. */
  private static final Map<String, String> PODS =
      Map.of(
          "pods", "spec",
          "deployments.apps", "spec.template.spec",
          "replicasets.apps", "spec.template.spec");

  /** One field: refused when it matters, warned about when it is set at all. */
  private record Line(String field, boolean refused, Predicate<JsonNode> matters, String why) {}

  private static Line warn(String field, String why) {
    return warn(field, FieldSupport::set, why);
  }

  private static Line warn(String field, Predicate<JsonNode> matters, String why) {
    return new Line(field, false, matters, why);
  }

  private static Line refuse(String field, Predicate<JsonNode> matters, String why) {
    return new Line(field, true, matters, why);
  }

  private static boolean set(JsonNode value) {
    return value.isContainerNode() ? !value.isEmpty() : !value.asText().isEmpty();
  }

  private final Problems problems;
  private final Consumer<String> warnings;

  private FieldSupport(Problems problems, Consumer<String> warnings) {
    this.problems = problems;
    this.warnings = warnings;
  }

  /**
   * Looks at what a write sets, before defaults are filled in.
   *
   * @param old what is stored now; fields that stay as they are were looked at before
   */
  public static void check(
      String resource,
      ObjectNode object,
      @Nullable ObjectNode old,
      Problems problems,
      Consumer<String> warnings) {
    FieldSupport support = new FieldSupport(problems, warnings);
    JsonNode before = old == null ? MissingNode.getInstance() : old;
    String path = PODS.get(resource);
    if (path != null) {
      support.pod(path, at(object, path), at(before, path));
    } else if (resource.equals("services")) {
      support.lines(SERVICE, "spec", object.path("spec"), before.path("spec"));
    }
  }

  private void pod(String path, JsonNode spec, JsonNode old) {
    lines(POD, path, spec, old);
    for (String list : List.of("initContainers", "containers")) {
      int index = 0;
      for (JsonNode container : spec.path(list)) {
        String at = path + "." + list + "[" + index + "]";
        JsonNode before = old.path(list).path(index++);
        lines(CONTAINER, at, container, before);
        int port = 0;
        for (JsonNode one : container.path("ports")) {
          lines(PORT, at + ".ports[" + port + "]", one, before.path("ports").path(port++));
        }
      }
    }
    int index = 0;
    for (JsonNode volume : spec.path("volumes")) {
      volume(path + ".volumes[" + index + "]", volume, old.path("volumes").path(index++));
    }
  }

  private void volume(String path, JsonNode volume, JsonNode old) {
    List<String> kinds = new ArrayList<>();
    volume.fieldNames().forEachRemaining(kinds::add);
    kinds.removeAll(VOLUMES);
    if (!kinds.isEmpty() && !volume.equals(old)) {
      problems.forbidden(
          path + "." + kinds.get(0),
          "not supported by Heddle (expected: configMap, secret, downwardAPI, projected or emptyDir)");
    }
  }

  private void lines(List<Line> lines, String path, JsonNode node, JsonNode old) {
    for (Line line : lines) {
      JsonNode value = at(node, line.field);
      if (value.isMissingNode() || value.equals(at(old, line.field)) || !line.matters.test(value)) {
        continue;
      }
      String field = path + "." + line.field;
      if (line.refused) {
        problems.forbidden(field, "not supported by Heddle: " + line.why);
      } else {
        warnings.accept(field + " has no effect: " + line.why);
      }
    }
  }

  private static JsonNode at(JsonNode node, String path) {
    JsonNode found = node;
    for (String part : path.split("\\.", -1)) {
      found = found.path(part);
    }
    return found;
  }
}
