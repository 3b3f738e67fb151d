package heddle.bench.machine;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A JVM on this one's class path, with the options that the {@code heddle} launcher serves with.
 */
public final class JavaChild {
  /** The options, one on each line; {@code bench/java} sets it. */
  public static final String OPTIONS = "heddle.bench.serving-options";

  private JavaChild() {}

  /** The options that a cluster's process has. */
  private static List<String> servingOptions() {
    String options = System.getProperty(OPTIONS);
    if (options == null) {
      throw new IllegalStateException(OPTIONS + " is not set (expected: a start by bench/run)");
    }
    return options.lines().toList();
  }

  /** The command that runs a class. */
  public static List<String> command(List<String> more, Class<?> main, List<String> arguments) {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(servingOptions());
    command.addAll(more);
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(main.getName());
    command.addAll(arguments);
    return command;
  }
}
