package heddle.cli.lint;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import heddle.manifest.Diagnostic;
import heddle.manifest.Origin;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;

/**
 * SARIF 2.1.0, the OASIS format that code scanning services show beside the lines of a change. A
 * diagnostic's code is its rule.
 */
final class Sarif {

  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final String SCHEMA =
      "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

  private Sarif() {}

  static String show(List<Diagnostic> diagnostics) {
    ObjectNode root = MAPPER.createObjectNode();
    root.put("$schema", SCHEMA).put("version", "2.1.0");
    ObjectNode run = root.putArray("runs").addObject();
    ObjectNode driver = run.putObject("tool").putObject("driver");
    driver.put("name", "heddle");
    List<String> rules = diagnostics.stream().map(Diagnostic::code).distinct().sorted().toList();
    ArrayNode descriptions = driver.putArray("rules");
    rules.forEach(rule -> descriptions.addObject().put("id", rule));
    run.put("columnKind", "unicodeCodePoints");
    ArrayNode results = run.putArray("results");
    diagnostics.forEach(diagnostic -> describe(diagnostic, rules, results.addObject()));
    return root.toPrettyString() + "\n";
  }

  private static void describe(Diagnostic diagnostic, List<String> rules, ObjectNode result) {
    result.put("ruleId", diagnostic.code()).put("ruleIndex", rules.indexOf(diagnostic.code()));
    // The names of our severities are SARIF's levels.
    result.put("level", diagnostic.severity().word());
    String field = (diagnostic.path().subject() + " " + diagnostic.path()).strip();
    result.putObject("message").put("text", message(field, diagnostic));
    ObjectNode location = result.putArray("locations").addObject();
    if (diagnostic.origin() instanceof Origin.File(String file, int line, int column)) {
      ObjectNode place = location.putObject("physicalLocation");
      place.putObject("artifactLocation").put("uri", uri(file));
      place.putObject("region").put("startLine", line).put("startColumn", column);
    }
    if (!field.isEmpty()) {
      location
          .putArray("logicalLocations")
          .addObject()
          .put("fullyQualifiedName", field)
          .put("kind", "member");
    }
  }

  private static String message(String field, Diagnostic diagnostic) {
    return (field.isEmpty() ? "" : field + ": ")
        + diagnostic.message()
        + (diagnostic.hint() == null ? "" : "; hint: " + diagnostic.hint());
  }

  private static String uri(String file) {
    if (file.startsWith("http://") || file.startsWith("https://")) {
      return file;
    }
    try {
      return file.startsWith("/")
          ? new URI("file", "", file, null).toString()
          : new URI(null, null, file, null).getRawPath();
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException("not the name of a file: " + file, e);
    }
  }
}
