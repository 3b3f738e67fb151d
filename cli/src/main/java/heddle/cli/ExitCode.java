package heddle.cli;

/** What the process returns; scripts rely on these. */
final class ExitCode {
  static final int DONE = 0;

  /** The answer is no: a check failed, a manifest has errors, not everything became ready. */
  static final int NO = 1;

  /** Wrong usage or unreadable input. */
  static final int USAGE = 2;

  /** The environment lacks something. */
  static final int ENVIRONMENT = 3;

  /** A bug in Heddle; a report file says more. */
  static final int BUG = 70;

  /** Ctrl-C, by the convention of shells. */
  static final int INTERRUPTED = 130;

  private ExitCode() {}
}
