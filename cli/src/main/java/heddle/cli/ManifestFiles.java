package heddle.cli;

import heddle.cli.ManifestSources.Source;
import heddle.mesh.lint.Lint;
import heddle.mesh.lint.LintReport;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Option;

/** The {@code -f} of every verb that judges or compiles manifests without a cluster. */
final class ManifestFiles {

  @Option(
      names = {"-f", "--filename"},
      required = true,
      paramLabel = "FILE|DIR|URL|-",
      description = "Manifests; may be given more than once. - reads standard input.")
  private List<String> names = List.of();

  /**
   * What was read and what came of it.
   *
   * @param files how many files there were
   */
  record Checked(int files, LintReport report) {}

  /** Reads everything that was named, judges it and compiles it. */
  Checked check() {
    Map<String, String> texts = new LinkedHashMap<>();
    for (Source source : ManifestSources.read(names)) {
      texts.put(source.name(), source.text());
    }
    return new Checked(texts.size(), new Lint().check(texts));
  }
}
