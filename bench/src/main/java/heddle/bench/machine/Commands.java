package heddle.bench.machine;

import heddle.envoy.EnvoyMissingException;
import picocli.CommandLine;

/** Runs a benchmark's command. */
public final class Commands {
  private static final int LACKING = 3;

  private Commands() {}

  /**
   * Runs it and ends this process: with 3 and a sentence where the machine lacks something, else as
   * the command says.
   */
  public static void run(Object command, String... arguments) {
    var line = new CommandLine(command);
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setExecutionExceptionHandler(
        (failure, where, parsed) -> {
          if (failure instanceof MissingToolException || failure instanceof EnvoyMissingException) {
            System.err.println("bench: " + failure.getMessage());
            return LACKING;
          }
          throw failure;
        });
    System.exit(line.execute(arguments));
  }
}
