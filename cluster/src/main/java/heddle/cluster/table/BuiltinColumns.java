package heddle.cluster.table;

import static heddle.cluster.table.Column.number;
import static heddle.cluster.table.Column.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The columns of the built-in kinds after the name. Source: Kubernetes' internal printers. */
final class BuiltinColumns {
  private static final String NONE = "<none>";

  private BuiltinColumns() {}

  static List<Column> of(String resource) {
    return switch (resource) {
      case "pods" -> pods();
      case "deployments.apps" -> deployments();
      case "replicasets.apps" -> replicaSets();
      case "services" -> services();
      case "endpoints" -> List.of(text("Endpoints", (o, n) -> endpoints(o)), Tables.age());
      case "endpointslices.discovery.k8s.io" -> slices();
      case "nodes" -> nodes();
      case "configmaps" ->
          List.of(
              number("Data", o -> o.path("data").size() + o.path("binaryData").size()),
              Tables.age());
      case "secrets" ->
          List.of(at("Type", "type"), number("Data", o -> o.path("data").size()), Tables.age());
      case "serviceaccounts" ->
          List.of(number("Secrets", o -> o.path("secrets").size()), Tables.age());
      case "namespaces" -> List.of(at("Status", "status", "phase"), Tables.age());
      case "events" -> events();
      case "customresourcedefinitions.apiextensions.k8s.io",
          "roles.rbac.authorization.k8s.io",
          "clusterroles.rbac.authorization.k8s.io" ->
          List.of(at("Created At", "metadata", "creationTimestamp"));
      case "rolebindings.rbac.authorization.k8s.io",
          "clusterrolebindings.rbac.authorization.k8s.io" ->
          bindings();
      case "mutatingwebhookconfigurations.admissionregistration.k8s.io",
          "validatingwebhookconfigurations.admissionregistration.k8s.io" ->
          List.of(number("Webhooks", o -> o.path("webhooks").size()), Tables.age());
      case "leases.coordination.k8s.io" ->
          List.of(at("Holder", "spec", "holderIdentity"), Tables.age());
      case "priorityclasses.scheduling.k8s.io" ->
          List.of(
              number("Value", o -> o.path("value").asLong()),
              text("Global-Default", (o, n) -> o.path("globalDefault").asText("false")),
              Tables.age());
      default -> List.of(Tables.age());
    };
  }

  private static JsonNode path(JsonNode node, String... fields) {
    JsonNode found = node;
    for (String field : fields) {
      found = found.path(field);
    }
    return found;
  }

  private static Column at(String name, String... fields) {
    return text(name, (o, now) -> path(o, fields).asText(""));
  }

  private static Column orNone(String name, String... fields) {
    return text(
        name,
        (o, now) -> {
          String value = path(o, fields).asText("");
          return value.isEmpty() ? NONE : value;
        });
  }

  private static Column count(String name, String... fields) {
    return number(name, o -> path(o, fields).asLong());
  }

  private static List<Column> pods() {
    return List.of(
        text("Ready", (o, now) -> PodText.ready(o)),
        text("Status", (o, now) -> PodText.status(o)),
        text("Restarts", PodText::restarts),
        Tables.age(),
        orNone("IP", "status", "podIP").wide(),
        orNone("Node", "spec", "nodeName").wide(),
        orNone("Nominated Node", "status", "nominatedNodeName").wide(),
        text("Readiness Gates", (o, now) -> PodText.gates(o)).wide());
  }

  private static List<Column> template() {
    Function<String, Column> containers =
        field ->
            text(
                    field.equals("name") ? "Containers" : "Images",
                    (o, now) -> join(path(o, "spec", "template", "spec", "containers"), field))
                .wide();
    return List.of(
        containers.apply("name"),
        containers.apply("image"),
        text("Selector", (o, now) -> selector(path(o, "spec", "selector"))).wide());
  }

  private static List<Column> deployments() {
    List<Column> columns = new ArrayList<>();
    columns.add(
        text(
            "Ready",
            (o, now) ->
                path(o, "status", "readyReplicas").asLong()
                    + "/"
                    + path(o, "spec", "replicas").asLong()));
    columns.add(count("Up-to-date", "status", "updatedReplicas"));
    columns.add(count("Available", "status", "availableReplicas"));
    columns.add(Tables.age());
    columns.addAll(template());
    return columns;
  }

  private static List<Column> replicaSets() {
    List<Column> columns = new ArrayList<>();
    columns.add(count("Desired", "spec", "replicas"));
    columns.add(count("Current", "status", "replicas"));
    columns.add(count("Ready", "status", "readyReplicas"));
    columns.add(Tables.age());
    columns.addAll(template());
    return columns;
  }

  private static List<Column> services() {
    return List.of(
        at("Type", "spec", "type"),
        orNone("Cluster-IP", "spec", "clusterIP"),
        text("External-IP", (o, now) -> externalIp(o)),
        text("Port(s)", (o, now) -> ports(o)),
        Tables.age(),
        text("Selector", (o, now) -> labels(path(o, "spec", "selector"))).wide());
  }

  private static String externalIp(ObjectNode service) {
    JsonNode spec = service.path("spec");
    if (spec.path("type").asText().equals("ExternalName")) {
      return spec.path("externalName").asText();
    }
    List<String> addresses = new ArrayList<>();
    for (JsonNode ingress : path(service, "status", "loadBalancer", "ingress")) {
      addresses.add(ingress.path("ip").asText(ingress.path("hostname").asText("")));
    }
    spec.path("externalIPs").forEach(ip -> addresses.add(ip.asText()));
    if (!addresses.isEmpty()) {
      return String.join(",", addresses);
    }
    return spec.path("type").asText().equals("LoadBalancer") ? "<pending>" : NONE;
  }

  private static String ports(ObjectNode service) {
    List<String> ports = new ArrayList<>();
    for (JsonNode port : path(service, "spec", "ports")) {
      String node = port.has("nodePort") ? ":" + port.path("nodePort").asInt() : "";
      ports.add(port.path("port").asInt() + node + "/" + port.path("protocol").asText("TCP"));
    }
    return ports.isEmpty() ? NONE : String.join(",", ports);
  }

  private static String endpoints(ObjectNode endpoints) {
    List<String> all = new ArrayList<>();
    for (JsonNode subset : endpoints.path("subsets")) {
      for (JsonNode address : subset.path("addresses")) {
        if (subset.path("ports").isEmpty()) {
          all.add(address.path("ip").asText());
        }
        for (JsonNode port : subset.path("ports")) {
          all.add(address.path("ip").asText() + ":" + port.path("port").asInt());
        }
      }
    }
    return shortened(all);
  }

  private static List<Column> slices() {
    return List.of(
        at("AddressType", "addressType"),
        text(
            "Ports",
            (o, now) -> {
              List<String> ports = new ArrayList<>();
              o.path("ports").forEach(port -> ports.add(port.path("port").asText("*")));
              return ports.isEmpty() ? "<unset>" : shortened(ports);
            }),
        text(
            "Endpoints",
            (o, now) -> {
              List<String> all = new ArrayList<>();
              for (JsonNode endpoint : o.path("endpoints")) {
                endpoint.path("addresses").forEach(address -> all.add(address.asText()));
              }
              return all.isEmpty() ? "<unset>" : shortened(all);
            }),
        Tables.age());
  }

  private static String shortened(List<String> all) {
    if (all.isEmpty()) {
      return NONE;
    }
    String shown = all.stream().limit(3).collect(Collectors.joining(","));
    return all.size() > 3 ? shown + " + " + (all.size() - 3) + " more..." : shown;
  }

  private static List<Column> nodes() {
    return List.of(
        text("Status", (o, now) -> nodeStatus(o)),
        text("Roles", (o, now) -> roles(o)),
        Tables.age(),
        at("Version", "status", "nodeInfo", "kubeletVersion"),
        text("Internal-IP", (o, now) -> address(o, "InternalIP")).wide(),
        text("External-IP", (o, now) -> address(o, "ExternalIP")).wide(),
        at("OS-Image", "status", "nodeInfo", "osImage").wide(),
        at("Kernel-Version", "status", "nodeInfo", "kernelVersion").wide(),
        at("Container-Runtime", "status", "nodeInfo", "containerRuntimeVersion").wide());
  }

  private static String nodeStatus(ObjectNode node) {
    String status = "Unknown";
    for (JsonNode condition : path(node, "status", "conditions")) {
      if (condition.path("type").asText().equals("Ready")) {
        status = condition.path("status").asText().equals("True") ? "Ready" : "NotReady";
      }
    }
    return path(node, "spec", "unschedulable").asBoolean()
        ? status + ",SchedulingDisabled"
        : status;
  }

  private static String roles(ObjectNode node) {
    String prefix = "node-role.kubernetes.io/";
    String roles =
        path(node, "metadata", "labels").properties().stream()
            .filter(e -> e.getKey().startsWith(prefix))
            .map(e -> e.getKey().substring(prefix.length()))
            .sorted()
            .collect(Collectors.joining(","));
    return roles.isEmpty() ? NONE : roles;
  }

  private static String address(ObjectNode node, String type) {
    for (JsonNode address : path(node, "status", "addresses")) {
      if (address.path("type").asText().equals(type)) {
        return address.path("address").asText();
      }
    }
    return NONE;
  }

  private static List<Column> events() {
    return List.of(
        text("Last Seen", (o, now) -> Age.since(EventText.last(o), now)),
        at("Type", "type"),
        at("Reason", "reason"),
        text("Object", (o, now) -> EventText.object(o)),
        text("Subobject", (o, now) -> EventText.involved(o).path("fieldPath").asText("")).wide(),
        text("Source", (o, now) -> EventText.source(o)).wide(),
        text("Message", (o, now) -> EventText.message(o).strip()),
        text("First Seen", (o, now) -> Age.since(EventText.first(o), now)).wide(),
        number("Count", EventText::count).wide());
  }

  private static List<Column> bindings() {
    return List.of(
        text(
            "Role",
            (o, now) ->
                path(o, "roleRef", "kind").asText() + "/" + path(o, "roleRef", "name").asText()),
        Tables.age(),
        subjects("Users", "User"),
        subjects("Groups", "Group"),
        subjects("ServiceAccounts", "ServiceAccount"));
  }

  private static Column subjects(String name, String kind) {
    return text(
            name,
            (o, now) -> {
              List<String> names = new ArrayList<>();
              for (JsonNode subject : o.path("subjects")) {
                if (subject.path("kind").asText().equals(kind)) {
                  String namespace = subject.path("namespace").asText("");
                  names.add(
                      (namespace.isEmpty() ? "" : namespace + "/") + subject.path("name").asText());
                }
              }
              return String.join(", ", names);
            })
        .wide();
  }

  static String join(JsonNode list, String field) {
    List<String> values = new ArrayList<>();
    list.forEach(item -> values.add(item.path(field).asText()));
    return String.join(",", values);
  }

  private static String labels(JsonNode labels) {
    String text =
        labels.properties().stream()
            .map(e -> e.getKey() + "=" + e.getValue().asText())
            .sorted()
            .collect(Collectors.joining(","));
    return text.isEmpty() ? NONE : text;
  }

  private static String selector(JsonNode selector) {
    List<String> terms = new ArrayList<>();
    if (!selector.path("matchLabels").isEmpty()) {
      terms.add(labels(selector.path("matchLabels")));
    }
    for (JsonNode term : selector.path("matchExpressions")) {
      String key = term.path("key").asText();
      String operator = term.path("operator").asText().toLowerCase(Locale.ROOT);
      List<String> values = new ArrayList<>();
      term.path("values").forEach(v -> values.add(v.asText()));
      terms.add(
          switch (operator) {
            case "exists" -> key;
            case "doesnotexist" -> "!" + key;
            default -> key + " " + operator + " (" + String.join(",", values) + ")";
          });
    }
    return terms.isEmpty() ? NONE : String.join(",", terms);
  }
}
