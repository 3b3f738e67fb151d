package heddle.cli.lint;

import heddle.manifest.Diagnostic;
import java.util.List;

/** A way to show diagnostics. */
public enum LintFormat {
  /** A line each for people, and a summary. */
  text,
  /** One object for programs; see {@code docs/lint.md}. */
  json,
  /** SARIF 2.1.0, for code scanners. */
  sarif;

  /**
   * The diagnostics in this format.
   *
   * @param files how many files were judged
   * @param colours whether text may be coloured for a terminal
   */
  public String show(List<Diagnostic> diagnostics, int files, boolean colours) {
    return switch (this) {
      case text -> new LintText(colours).show(diagnostics, files);
      case json -> LintJson.show(diagnostics, files);
      case sarif -> Sarif.show(diagnostics);
    };
  }
}
