package heddle.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import picocli.CommandLine;

/** Runs the command line within this process and keeps what it says. */
final class Program {

  /** What a run returned and printed. */
  record Outcome(int exitCode, String out, String err) {}

  private Program() {}

  static Outcome heddle(String... arguments) {
    return run(Heddle.commandLine(), arguments);
  }

  static Outcome run(CommandLine line, String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    line.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
    try {
      int exitCode = Heddle.run(line, arguments);
      return new Outcome(exitCode, out.toString(), err.toString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
