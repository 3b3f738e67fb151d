package heddle.bench.machine;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Who runs where: what is measured on the first core, everything else (load generators, origin,
 * this process) on the others. Without {@code taskset}, or with one core, nobody is pinned.
 *
 * @param pinned whether that holds
 */
public record Cpus(boolean pinned) {

  /** Pins this process, if that is possible, and those that will be started. */
  public static Cpus divide() throws IOException, InterruptedException {
    if (cores() < 2 || !Tool.isInstalled("taskset")) {
      return new Cpus(false);
    }
    long pid = ProcessHandle.current().pid();
    Tool.run(List.of("taskset", "-a", "-c", "-p", others(), Long.toString(pid)));
    return new Cpus(true);
  }

  private static int cores() {
    return Runtime.getRuntime().availableProcessors();
  }

  private static String others() {
    return cores() == 2 ? "1" : "1-" + (cores() - 1);
  }

  /** The command, on the core of what is measured. */
  List<String> measured(List<String> command) {
    if (!pinned) {
      return command;
    }
    var all = new ArrayList<>(List.of("taskset", "-c", "0"));
    all.addAll(command);
    return all;
  }

  /** In words. */
  public String description() {
    return pinned
        ? "the proxy on one core, load generator and origin on the other"
        : "nothing is pinned to a core (taskset is missing, or there is only one core)";
  }
}
