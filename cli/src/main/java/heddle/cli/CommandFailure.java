package heddle.cli;

/** Ends a verb with one sentence for the user and an exit code; not a bug. */
public final class CommandFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int exitCode;

  private CommandFailure(int exitCode, String message) {
    super(message);
    this.exitCode = exitCode;
  }

  int exitCode() {
    return exitCode;
  }

  /** The answer is no. */
  public static CommandFailure no(String message) {
    return new CommandFailure(ExitCode.NO, message);
  }

  /** The user asked for something that makes no sense. */
  public static CommandFailure usage(String message) {
    return new CommandFailure(ExitCode.USAGE, message);
  }

  /** The machine lacks something; the message says how to get it. */
  public static CommandFailure environment(String message) {
    return new CommandFailure(ExitCode.ENVIRONMENT, message);
  }
}
