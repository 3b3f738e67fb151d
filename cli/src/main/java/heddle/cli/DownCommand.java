package heddle.cli;

import heddle.cli.home.BackgroundCluster;
import heddle.cli.home.ClusterHome;
import heddle.cli.wiring.CrashCleanup;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
    name = "down",
    mixinStandardHelpOptions = true,
    description =
        "Stops a cluster, and every process, namespace, address and rule with it. Safe to repeat.")
final class DownCommand implements Callable<Integer> {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @Mixin private ClusterName cluster = new ClusterName();

  @Option(names = "--purge", description = "Forget the cluster's state as well.")
  private boolean purge;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    ClusterHome home = cluster.home();
    boolean stopped = new BackgroundCluster(home).stop(PATIENCE);
    CrashCleanup.of(home).run();
    if (purge) {
      home.purge();
    }
    PrintWriter out = spec.commandLine().getOut();
    out.println(
        "cluster '"
            + home.name()
            + "' "
            + (stopped ? "stopped" : "was not up")
            + (purge ? ", its state is forgotten" : ""));
    return ExitCode.DONE;
  }
}
