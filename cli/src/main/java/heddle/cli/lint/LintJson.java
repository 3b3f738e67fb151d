package heddle.cli.lint;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import heddle.manifest.Diagnostic;
import heddle.manifest.Origin;
import heddle.manifest.Severity;
import java.util.List;

/**
 * One JSON object: counts, and every diagnostic with its place. Members are only ever added; one
 * that does not apply is left out.
 */
final class LintJson {

  private static final ObjectMapper MAPPER = new ObjectMapper();

  private LintJson() {}

  static String show(List<Diagnostic> diagnostics, int files) {
    ObjectNode root = MAPPER.createObjectNode();
    root.put("files", files);
    root.put("errors", count(diagnostics, Severity.ERROR));
    root.put("warnings", count(diagnostics, Severity.WARNING));
    root.put("notes", count(diagnostics, Severity.NOTE));
    var list = root.putArray("diagnostics");
    diagnostics.forEach(diagnostic -> describe(diagnostic, list.addObject()));
    return root.toPrettyString() + "\n";
  }

  private static long count(List<Diagnostic> diagnostics, Severity severity) {
    return diagnostics.stream().filter(one -> one.severity() == severity).count();
  }

  private static void describe(Diagnostic diagnostic, ObjectNode out) {
    out.put("severity", diagnostic.severity().word());
    out.put("code", diagnostic.code());
    if (diagnostic.origin() instanceof Origin.File(String file, int line, int column)) {
      out.put("file", file).put("line", line).put("column", column);
    }
    putUnlessEmpty(out, "object", diagnostic.path().subject());
    putUnlessEmpty(out, "field", diagnostic.path().toString());
    out.put("message", diagnostic.message());
    putUnlessEmpty(out, "hint", diagnostic.hint() == null ? "" : diagnostic.hint());
  }

  private static void putUnlessEmpty(ObjectNode out, String member, String text) {
    if (!text.isEmpty()) {
      out.put(member, text);
    }
  }
}
