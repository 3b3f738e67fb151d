package heddle.cli;

import heddle.cli.lint.LintFormat;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
    name = "lint",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = "Says what is wrong with manifests, by file, line and field; needs no cluster.",
    footer = {"", "Exits with 1 when there are errors; warnings and notes are not errors."})
final class LintCommand implements Callable<Integer> {

  @Mixin private ManifestFiles manifests = new ManifestFiles();

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      defaultValue = "text",
      description = "text, json or sarif (default: ${DEFAULT-VALUE}).")
  private LintFormat format = LintFormat.text;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    ManifestFiles.Checked checked = manifests.check();
    PrintWriter out = spec.commandLine().getOut();
    out.print(format.show(checked.report().diagnostics(), checked.files(), Terminal.colours()));
    out.flush();
    return checked.report().hasErrors() ? ExitCode.NO : ExitCode.DONE;
  }
}
