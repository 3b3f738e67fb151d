package heddle.cli;

import heddle.cli.home.ClusterHome;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
    name = "kubectl",
    mixinStandardHelpOptions = true,
    description = "Runs the installed kubectl with the cluster's kubeconfig.",
    footer = {
      "",
      "Everything from the first word on that is not an option of heddle is " + "kubectl's.",
      "",
      "Example: heddle kubectl --name test get pods -A"
    })
final class KubectlCommand implements Callable<Integer> {

  @Mixin private ClusterName cluster = new ClusterName();

  @Parameters(paramLabel = "ARGUMENT", description = "kubectl's command line.")
  private List<String> arguments = List.of();

  @Override
  public Integer call() throws Exception {
    ClusterHome home = cluster.running();
    List<String> command =
        new ArrayList<>(List.of("kubectl", "--kubeconfig", home.kubeconfig().toString()));
    command.addAll(arguments);
    try {
      return new ProcessBuilder(command).inheritIO().start().waitFor();
    } catch (IOException e) {
      throw CommandFailure.environment(
          "kubectl is not installed; on Debian: apt-get install kubernetes-client");
    }
  }
}
