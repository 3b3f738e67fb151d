package heddle.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where this process writes to: somebody's screen, or a file or a pipe. */
final class Terminal {

  private static final int STDOUT = 1;
  private static final int STDERR = 2;

  private Terminal() {}

  /** Whether standard output may be coloured: a screen, and nobody asked for none (NO_COLOR). */
  static boolean colours() {
    String refused = System.getenv("NO_COLOR");
    return (refused == null || refused.isEmpty()) && isTerminal(STDOUT);
  }

  /** Whether somebody watches standard error. */
  static boolean watched() {
    return isTerminal(STDERR);
  }

  /** The console of the JDK wants input and output to be a terminal both: too strict for pipes. */
  private static boolean isTerminal(int descriptor) {
    try {
      String target =
          Files.readSymbolicLink(Path.of("/proc/self/fd", Integer.toString(descriptor))).toString();
      return target.startsWith("/dev/pts/")
          || target.startsWith("/dev/tty")
          || target.equals("/dev/console");
    } catch (IOException e) {
      return false; // No such link, so nothing is known: plain text is right everywhere.
    }
  }
}
