package heddle.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.logging.LogManager;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The {@code heddle} program. */
@Command(
    name = "heddle",
    mixinStandardHelpOptions = true,
    version = "heddle 0.1.0",
    description = "Runs service-mesh manifests on this machine, and shows where requests go.",
    subcommands = {
      UpCommand.class,
      DownCommand.class,
      ListCommand.class,
      StatusCommand.class,
      DemoCommand.class,
      LintCommand.class,
      CompileCommand.class,
      LoadCommand.class,
      XdsCommand.class,
      KubectlCommand.class,
      CompletionCommand.class
    })
public final class Heddle implements Runnable {

  @Spec private CommandSpec spec;

  private Heddle() {}

  public static void main(String[] arguments) throws IOException {
    configureLogging();
    System.exit(commandLine().execute(arguments));
  }

  private static void configureLogging() throws IOException {
    try (InputStream settings = Heddle.class.getResourceAsStream("/heddle-logging.properties")) {
      LogManager.getLogManager().readConfiguration(settings);
    }
  }

  /** The command line with its error handling, ready to execute. */
  static CommandLine commandLine() {
    CommandLine line = new CommandLine(new Heddle());
    // From its first word on, the rest of the line is kubectl's own.
    CommandLine kubectl = Objects.requireNonNull(line.getSubcommands().get("kubectl"));
    kubectl.setStopAtPositional(true).setUnmatchedOptionsArePositionalParams(true);
    line.setExecutionExceptionHandler((failure, failed, parsed) -> report(failure, failed));
    return line;
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Which command? One of those below.");
  }

  private static int report(Exception failure, CommandLine failed) throws IOException {
    PrintWriter err = failed.getErr();
    if (failure instanceof CommandFailure told) {
      err.println(failed.getColorScheme().errorText(told.getMessage()));
      return told.exitCode();
    }
    Path report = Files.createTempFile("heddle-report-", ".txt");
    try (PrintWriter file = new PrintWriter(Files.newBufferedWriter(report))) {
      file.println("heddle " + failed.getCommandName());
      file.println("java " + Runtime.version() + ", " + System.getProperty("os.name"));
      failure.printStackTrace(file);
    }
    err.println(
        failed
            .getColorScheme()
            .errorText("This is a bug in Heddle: " + failure + "\nThe report: " + report));
    return ExitCode.BUG;
  }
}
