package heddle.cli;

import heddle.cli.home.ClusterHome;
import java.io.PrintWriter;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(
    name = "list",
    mixinStandardHelpOptions = true,
    description = "Lists the clusters of this machine.")
final class ListCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    PrintWriter out = spec.commandLine().getOut();
    out.printf("%-20s %-8s %-10s %s%n", "NAME", "STATE", "PID", "KUBECONFIG");
    for (ClusterHome home : ClusterHome.all()) {
      Optional<ProcessHandle> owner = home.owner();
      out.printf(
          "%-20s %-8s %-10s %s%n",
          home.name(),
          owner.isPresent() ? "up" : "down",
          owner.map(process -> Long.toString(process.pid())).orElse("-"),
          home.kubeconfig());
    }
    return ExitCode.DONE;
  }
}
