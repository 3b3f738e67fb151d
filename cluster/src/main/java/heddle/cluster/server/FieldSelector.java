package heddle.cluster.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import heddle.cluster.object.ApiException;
import heddle.cluster.type.Served;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** {@code metadata.name=a,status.phase!=Failed}, over the fields that the kind allows. */
final class FieldSelector implements Selector {
  private static final Set<String> COMMON = Set.of("metadata.name", "metadata.namespace");
  private static final Set<String> EVENT =
      Set.of(
          "involvedObject.kind",
          "involvedObject.namespace",
          "involvedObject.name",
          "involvedObject.uid",
          "involvedObject.apiVersion",
          "involvedObject.resourceVersion",
          "involvedObject.fieldPath",
          "reason",
          "reportingComponent",
          "source",
          "type");
  private static final Map<String, Set<String>> BY_RESOURCE =
      Map.of(
          "pods",
          Set.of(
              "spec.nodeName",
              "spec.restartPolicy",
              "spec.schedulerName",
              "spec.serviceAccountName",
              "spec.hostNetwork",
              "status.phase",
              "status.podIP",
              "status.podIPs",
              "status.nominatedNodeName"),
          "events",
          EVENT,
          "secrets",
          Set.of("type"),
          "namespaces",
          Set.of("status.phase"),
          "nodes",
          Set.of("spec.unschedulable"),
          "replicasets.apps",
          Set.of("status.replicas"),
          "services",
          Set.of("spec.clusterIP", "spec.type"));

  private record Term(String field, boolean wanted, String value) {}

  private final List<Term> terms;

  private FieldSelector(List<Term> terms) {
    this.terms = terms;
  }

  static Selector parse(String text, Served served) {
    Set<String> own = BY_RESOURCE.getOrDefault(served.resource(), Set.of());
    List<Term> terms = new ArrayList<>();
    for (String part : text.split(",", -1)) {
      if (part.isBlank()) {
        continue;
      }
      Term term = term(part.strip());
      if (!COMMON.contains(term.field) && !own.contains(term.field)) {
        throw ApiException.badRequest("field label not supported: " + term.field);
      }
      terms.add(term);
    }
    return terms.isEmpty() ? ALL : new FieldSelector(terms);
  }

  private static Term term(String part) {
    int at = part.indexOf('=');
    if (at <= 0) {
      throw ApiException.badRequest(
          "invalid selector: '" + part + "'; can't understand '" + part + "'");
    }
    boolean negated = part.charAt(at - 1) == '!';
    String field = part.substring(0, negated ? at - 1 : at).strip();
    String value = part.substring(at + 1);
    return new Term(field, !negated, (value.startsWith("=") ? value.substring(1) : value).strip());
  }

  @Override
  public boolean matches(ObjectNode object) {
    return terms.stream().allMatch(t -> value(object, t.field).equals(t.value) == t.wanted);
  }

  private static String value(ObjectNode object, String field) {
    JsonNode node = object;
    for (String part : field.split("\\.", -1)) {
      node = node.path(part);
    }
    if (field.equals("source")) {
      return node.path("component").asText("");
    }
    boolean flag = field.equals("spec.unschedulable") || field.equals("spec.hostNetwork");
    return node.isMissingNode() && flag ? "false" : node.asText("");
  }
}
