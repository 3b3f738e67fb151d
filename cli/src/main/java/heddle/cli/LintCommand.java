package heddle.cli;

import heddle.cli.ManifestSources.Source;
import heddle.manifest.Diagnostic;
import heddle.mesh.lint.Lint;
import heddle.mesh.lint.LintReport;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
    name = "lint",
    mixinStandardHelpOptions = true,
    description = "Says what is wrong with manifests, by file, line and field; needs no cluster.")
final class LintCommand implements Callable<Integer> {

  @Option(
      names = {"-f", "--filename"},
      required = true,
      paramLabel = "FILE|DIR|URL",
      description = "Manifests; may be given more than once.")
  private List<String> files = List.of();

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    LintReport report = check(files);
    PrintWriter out = spec.commandLine().getOut();
    report.diagnostics().forEach(diagnostic -> print(out, diagnostic));
    out.flush();
    return report.hasErrors() ? ExitCode.NO : ExitCode.DONE;
  }

  static LintReport check(List<String> names) {
    Map<String, String> texts = new LinkedHashMap<>();
    for (Source source : ManifestSources.read(names)) {
      texts.put(source.name(), source.text());
    }
    return new Lint().check(texts);
  }

  private static void print(PrintWriter out, Diagnostic diagnostic) {
    out.println(diagnostic + " [" + diagnostic.code() + "]");
    if (diagnostic.hint() != null) {
      out.println("  hint: " + diagnostic.hint());
    }
  }
}
