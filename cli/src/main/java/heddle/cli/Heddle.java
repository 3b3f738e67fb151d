package heddle.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
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
    },
    footer = {
      "",
      "Exit codes: 0 done, 1 the answer is no, 2 bad usage or input, 3 this "
          + "machine lacks something, 70 a bug in Heddle, with a report file.",
      "",
      "Begin with: heddle demo"
    })
public final class Heddle implements Runnable {

  @Spec private CommandSpec spec;

  private Heddle() {}

  public static void main(String[] arguments) throws IOException {
    configureLogging();
    System.exit(run(commandLine(), arguments));
  }

  private static void configureLogging() throws IOException {
    try (InputStream settings = Heddle.class.getResourceAsStream("/heddle-logging.properties")) {
      LogManager.getLogManager().readConfiguration(settings);
    }
  }

  /** The command line with its error handling, ready for {@link #run}. */
  static CommandLine commandLine() {
    CommandLine line = new CommandLine(new Heddle());
    // From its first word on, the rest of the line is kubectl's own.
    CommandLine kubectl = Objects.requireNonNull(line.getSubcommands().get("kubectl"));
    kubectl.setStopAtPositional(true).setUnmatchedOptionsArePositionalParams(true);
    tellVersion(line, line.getCommandSpec().version());
    line.setExecutionExceptionHandler((failure, failed, parsed) -> failed(failure, failed));
    return line;
  }

  private static void tellVersion(CommandLine line, String... version) {
    line.getCommandSpec().version(version);
    line.getSubcommands().values().forEach(verb -> tellVersion(verb, version));
  }

  /** Executes a command line; whatever goes wrong becomes an exit code. */
  static int run(CommandLine line, String... arguments) throws IOException {
    try {
      return line.execute(arguments);
    } catch (Error e) { // Picocli handles exceptions only.
      return bug(e, line);
    }
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Which command? One of those below.");
  }

  private static int failed(Exception failure, CommandLine failed) throws IOException {
    PrintWriter err = failed.getErr();
    return switch (failure) {
      case CommandFailure told -> {
        err.println(failed.getColorScheme().errorText(told.getMessage()));
        yield told.exitCode();
      }
      case FileSystemException file -> {
        err.println(failed.getColorScheme().errorText(words(file)));
        yield ExitCode.ENVIRONMENT;
      }
      case InterruptedException interrupted -> {
        err.println("interrupted");
        yield ExitCode.INTERRUPTED;
      }
      default -> bug(failure, failed);
    };
  }

  private static String words(FileSystemException file) {
    String reason =
        switch (file) {
          case NoSuchFileException missing -> "no such file";
          case AccessDeniedException denied -> "permission denied";
          default -> String.valueOf(file.getReason());
        };
    return file.getFile() + ": " + reason;
  }

  private static int bug(Throwable failure, CommandLine failed) throws IOException {
    Path report = Files.createTempFile("heddle-report-", ".txt");
    try (PrintWriter file = new PrintWriter(Files.newBufferedWriter(report))) {
      List.of(failed.getCommandSpec().root().version()).forEach(file::println);
      file.println("command: " + failed.getCommandSpec().qualifiedName());
      file.println("java " + Runtime.version() + ", " + System.getProperty("os.name"));
      failure.printStackTrace(file);
    }
    failed
        .getErr()
        .println(
            failed
                .getColorScheme()
                .errorText("This is a bug in Heddle: " + failure + "\nThe report: " + report));
    return ExitCode.BUG;
  }
}
