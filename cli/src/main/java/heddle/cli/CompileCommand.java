package heddle.cli;

import heddle.cli.compile.CompileFormat;
import heddle.cli.compile.Compiled;
import heddle.cli.lint.LintFormat;
import heddle.mesh.emit.StaticBootstrap;
import heddle.mesh.lint.LintReport;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
    name = "compile",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = "Shows what manifests become for every node of the mesh; needs no cluster.",
    footer = {
      "",
      "xds: what each node is served, as a JSON list.",
      "model: the same in Heddle's own words, with the field that each part came " + "from.",
      "envoy: one node as a file that a stock Envoy starts from; traffic must be "
          + "redirected to it as App Mesh's proxyinit does.",
      "",
      "Endpoints are those of Pods among the manifests, which kubectl get pods -A "
          + "-o yaml prints. Findings go to standard error; the exit code is 1 when "
          + "there are errors."
    })
final class CompileCommand implements Callable<Integer> {

  @Mixin private ManifestFiles manifests = new ManifestFiles();

  @Option(
      names = "--node",
      paramLabel = "NODE",
      description = "Only this one: mesh/MESH/virtualNode/NAME, or NAME.")
  private @Nullable String node;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      defaultValue = "xds",
      description = "xds, model or envoy (default: ${DEFAULT-VALUE}).")
  private CompileFormat format = CompileFormat.xds;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    ManifestFiles.Checked checked = manifests.check();
    LintReport report = checked.report();
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    if (!report.diagnostics().isEmpty()) {
      err.print(LintFormat.text.show(report.diagnostics(), checked.files(), false));
      err.flush();
    }
    Compiled compiled = new Compiled(report);
    List<String> nodes = nodes(compiled);
    switch (format) {
      case xds -> out.print(compiled.xds(nodes));
      case model -> out.print(compiled.model(nodes));
      case envoy -> {
        StaticBootstrap file = compiled.bootstrap(one(nodes));
        out.print(compiled.print(file));
        file.withoutEndpoints().forEach(cluster -> err.println(unknown(cluster)));
        err.flush();
      }
    }
    out.flush();
    return report.hasErrors() ? ExitCode.NO : ExitCode.DONE;
  }

  private List<String> nodes(Compiled compiled) {
    List<String> nodes = node == null ? compiled.nodes() : compiled.nodes(node);
    if (node != null && nodes.size() != 1) {
      String what = nodes.isEmpty() ? "no node '" : "more than one node '";
      throw CommandFailure.usage(
          "--node: "
              + what
              + node
              + "'"
              + oneOf("expected", nodes.isEmpty() ? compiled.nodes() : nodes));
    }
    return nodes;
  }

  private static String one(List<String> nodes) {
    if (nodes.size() != 1) {
      throw CommandFailure.usage("-o envoy: for which node?" + oneOf("add --node", nodes));
    }
    return nodes.getFirst();
  }

  private static String oneOf(String what, List<String> nodes) {
    return nodes.isEmpty()
        ? " There are none in these manifests"
        : " (" + what + ": one of\n  " + String.join("\n  ", nodes) + ")";
  }

  private static String unknown(String cluster) {
    return "no endpoints for "
        + cluster
        + ": its pods are not among the manifests (kubectl get pods -A -o yaml has them)";
  }
}
