package heddle.cli;

import heddle.cli.home.ClusterHome;
import java.io.IOException;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The {@code --name} of every verb that works on one cluster. */
final class ClusterName {

  static final String DEFAULT = "default";

  @Option(
      names = "--name",
      defaultValue = DEFAULT,
      paramLabel = "NAME",
      description = "The cluster (default: ${DEFAULT-VALUE}).")
  private String name = DEFAULT;

  String value() {
    return name;
  }

  ClusterHome home() {
    try {
      return ClusterHome.named(name);
    } catch (IllegalArgumentException e) {
      throw CommandFailure.usage(String.valueOf(e.getMessage()));
    }
  }

  /** The home of a cluster that must be up. */
  ClusterHome running() throws IOException {
    ClusterHome home = home();
    Optional<ProcessHandle> owner = home.owner();
    if (owner.isEmpty()) {
      throw CommandFailure.usage(
          "cluster '" + name + "' is not up; start it with: heddle up --name " + name);
    }
    return home;
  }
}
