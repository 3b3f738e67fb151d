package heddle.cluster.type;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import heddle.cluster.object.Metadata;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** CustomResourceDefinitions: names, versions, and a status that is true at once. */
final class CrdRules implements Rules {

  @Override
  public void defaults(ObjectNode crd) {
    ObjectNode spec = Fill.object(crd, "spec");
    ObjectNode names = Fill.object(spec, "names");
    String kind = names.path("kind").asText("");
    Fill.text(names, "singular", kind.toLowerCase(Locale.ROOT));
    Fill.text(names, "listKind", kind + "List");
    Fill.text(Fill.object(spec, "conversion"), "strategy", "None");
    status(crd, spec, names);
  }

  private static void status(ObjectNode crd, ObjectNode spec, ObjectNode names) {
    ObjectNode status = Fill.object(crd, "status");
    status.set("acceptedNames", names.deepCopy());
    condition(crd, status, "NamesAccepted", "NoConflicts", "no conflicts found");
    condition(
        crd, status, "Established", "InitialNamesAccepted", "the initial names have been accepted");
    ArrayNode stored =
        status.get("storedVersions") instanceof ArrayNode present
            ? present
            : status.putArray("storedVersions");
    for (JsonNode version : spec.path("versions")) {
      if (version.path("storage").asBoolean()) {
        boolean known = false;
        for (JsonNode name : stored) {
          known |= name.equals(version.path("name"));
        }
        if (!known) {
          stored.add(version.path("name"));
        }
      }
    }
  }

  private static void condition(
      ObjectNode crd, ObjectNode status, String type, String reason, String message) {
    ArrayNode conditions =
        status.get("conditions") instanceof ArrayNode present
            ? present
            : status.putArray("conditions");
    for (JsonNode condition : conditions) {
      if (condition.path("type").asText().equals(type)) {
        return;
      }
    }
    conditions
        .addObject()
        .put("type", type)
        .put("status", "True")
        .put("reason", reason)
        .put("message", message)
        .set("lastTransitionTime", Metadata.of(crd).path("creationTimestamp"));
  }

  @Override
  public void validate(ObjectNode crd, @Nullable ObjectNode old, Problems problems) {
    JsonNode spec = crd.path("spec");
    String group = spec.path("group").asText("");
    String plural = spec.path("names").path("plural").asText("");
    for (String field : List.of("plural", "kind")) {
      if (spec.path("names").path(field).asText("").isEmpty()) {
        problems.required("spec.names." + field, "");
      }
    }
    if (group.isEmpty()) {
      problems.required("spec.group", "");
    }
    String name = plural + "." + group;
    if (!Metadata.name(crd).equals(name)) {
      problems.invalid(
          "metadata.name", Metadata.name(crd), "must be spec.names.plural+\".\"+spec.group");
    }
    if (Fill.absent(spec, "scope")) {
      problems.required("spec.scope", "");
    }
    PodTemplate.choice("spec.scope", spec, List.of("Cluster", "Namespaced"), problems);
    versions(spec, problems);
    if (!spec.path("conversion").path("strategy").asText().equals("None")) {
      problems.unsupported(
          "spec.conversion.strategy", spec.path("conversion").path("strategy"), List.of("None"));
    }
    if (old != null) {
      immutable("spec.group", spec.path("group"), old.path("spec").path("group"), problems);
      immutable("spec.scope", spec.path("scope"), old.path("spec").path("scope"), problems);
    }
  }

  private static void immutable(String path, JsonNode now, JsonNode old, Problems problems) {
    if (!now.equals(old)) {
      problems.invalid(path, now, "field is immutable");
    }
  }

  private static void versions(JsonNode spec, Problems problems) {
    Set<String> names = new HashSet<>();
    int storage = 0;
    int index = 0;
    for (JsonNode version : spec.path("versions")) {
      String at = "spec.versions[" + index++ + "]";
      String name = version.path("name").asText("");
      if (name.isEmpty()) {
        problems.required(at + ".name", "");
      } else if (!names.add(name)) {
        problems.duplicate(at + ".name", name);
      }
      storage += version.path("storage").asBoolean() ? 1 : 0;
      if (!version.path("schema").path("openAPIV3Schema").isObject()) {
        problems.required(at + ".schema.openAPIV3Schema", "schemas are required");
      }
    }
    if (storage != 1) {
      problems.invalid(
          "spec.versions",
          spec.path("versions").size() + " versions",
          "must have exactly one version marked as storage version");
    }
  }
}
