package heddle.cli;

import heddle.mesh.emit.NodeConfig;
import heddle.mesh.emit.XdsJson;
import heddle.mesh.lint.LintReport;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(
    name = "compile",
    mixinStandardHelpOptions = true,
    description = "Shows what manifests become: the xDS of every node; needs no cluster.")
final class CompileCommand implements Callable<Integer> {

  @Mixin private ManifestFiles manifests = new ManifestFiles();

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    LintReport report = manifests.check().report();
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    report.diagnostics().forEach(err::println);
    XdsJson json = new XdsJson();
    for (NodeConfig node : report.mesh().nodes().values()) {
      out.println("# " + node.nodeId());
      out.println(json.print(node));
    }
    out.flush();
    return report.hasErrors() ? ExitCode.NO : ExitCode.DONE;
  }
}
