package heddle.cli.lint;

import heddle.manifest.Diagnostic;
import heddle.manifest.Severity;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code file:line:col: error: Kind ns/name field: message [code]}, which editors and compilers'
 * error matchers understand; the hint on a line of its own.
 */
final class LintText {

  private static final String BOLD = "\033[1m";
  private static final String RED = "\033[1;31m";
  private static final String YELLOW = "\033[1;33m";
  private static final String CYAN = "\033[36m";
  private static final String PLAIN = "\033[0m";

  private final boolean colours;

  LintText(boolean colours) {
    this.colours = colours;
  }

  String show(List<Diagnostic> diagnostics, int files) {
    StringBuilder text = new StringBuilder();
    diagnostics.forEach(diagnostic -> line(text, diagnostic));
    return text.append(summary(diagnostics, files)).append('\n').toString();
  }

  private void line(StringBuilder text, Diagnostic diagnostic) {
    String severity = diagnostic.severity().word();
    text.append(in(BOLD, diagnostic.origin().toString()))
        .append(": ")
        .append(in(colour(diagnostic.severity()), severity))
        .append(": ");
    String field = (diagnostic.path().subject() + " " + diagnostic.path()).strip();
    text.append(field).append(field.isEmpty() ? "" : ": ");
    text.append(diagnostic.message()).append(" [").append(diagnostic.code()).append("]\n");
    if (diagnostic.hint() != null) {
      text.append("  ").append(in(CYAN, "hint:")).append(' ').append(diagnostic.hint());
      text.append('\n');
    }
  }

  static String summary(List<Diagnostic> diagnostics, int files) {
    List<String> counts = new ArrayList<>();
    for (Severity severity : List.of(Severity.ERROR, Severity.WARNING, Severity.NOTE)) {
      long count = diagnostics.stream().filter(one -> one.severity() == severity).count();
      if (count > 0) {
        counts.add(counted(count, severity.word()));
      }
    }
    String found = counts.isEmpty() ? "no problems" : String.join(", ", counts);
    return found + " in " + counted(files, "file");
  }

  private static String counted(long count, String noun) {
    return count + " " + noun + (count == 1 ? "" : "s");
  }

  private static String colour(Severity severity) {
    return switch (severity) {
      case ERROR -> RED;
      case WARNING -> YELLOW;
      case NOTE -> CYAN;
    };
  }

  private String in(String colour, String text) {
    return colours ? colour + text + PLAIN : text;
  }
}
