package heddle.load.vegeta;

import heddle.load.LoadGenerator;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.UnknownHostException;
import java.nio.file.NoSuchFileException;
import java.time.Clock;
import java.util.List;

/**
 * The {@code vegeta} command: {@code attack} sends load and writes results, {@code report} reads
 * results and sums them up.
 */
public final class Vegeta {
  private static final String USAGE =
      """
      Usage: vegeta <attack|report> [flags]

      attack  sends requests at a constant rate, whether or not earlier ones were answered
        -duration 4s          how long; 0 until interrupted (default 0)
        -rate 50/1s           requests per time (default 50/1s)
        -targets FILE         lines "METHOD URL", headers, @body-file (default stdin)
        -header "N: V"        a header of every request; repeat for more
        -body FILE            body of targets that name none
        -connections N        idle connections kept per host (default 10000)
        -max-connections N    connections per host at once; 0 for no limit (default 0)
        -timeout 30s          of one request; 0 for none (default 30s)
        -keepalive=false      a connection per request
        -insecure             accept any certificate
        -output FILE          where results go (default stdout)

      report [FILE...]  reads results (default stdin)
        -type text            text, json, hdrplot or hist[0,2ms,4ms] (default text)
        -output FILE          where the report goes (default stdout)

      Example: echo "GET http://localhost/" | vegeta attack -duration=5s | tee results.bin | vegeta report
      """;

  /** The command's standard streams. */
  record Streams(InputStream in, OutputStream out, PrintStream err) {}

  private Vegeta() {}

  /** Exit codes: 0 done, 1 it failed, 2 the command line is wrong. */
  public static void main(String[] arguments) {
    var streams = new Streams(System.in, System.out, System.err);
    int code = run(List.of(arguments), streams);
    System.out.flush();
    Runtime.getRuntime().halt(code);
  }

  static int run(List<String> arguments, Streams streams) {
    String verb = arguments.isEmpty() ? "" : arguments.getFirst();
    try {
      switch (verb) {
        case "attack" -> attack(arguments.subList(1, arguments.size()), streams);
        case "report" -> new ReportCommand(streams).run(arguments.subList(1, arguments.size()));
        case "-version", "--version" -> streams.err().println("Heddle's vegeta");
        case "-h", "-help", "--help", "help" -> streams.err().print(USAGE);
        default -> throw new UsageException("unknown command \"" + verb + "\"\n\n" + USAGE);
      }
      return 0;
    } catch (UsageException e) {
      streams.err().println("vegeta: " + e.getMessage());
      return 2;
    } catch (UnknownHostException e) {
      streams.err().println("vegeta: the name does not resolve: " + e.getMessage());
      return 1;
    } catch (NoSuchFileException e) {
      streams.err().println("vegeta: no file " + e.getMessage());
      return 1;
    } catch (IOException e) {
      streams.err().println("vegeta: " + e.getMessage());
      return 1;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return 1;
    }
  }

  private static void attack(List<String> arguments, Streams streams)
      throws UsageException, IOException, InterruptedException {
    try (var generator = new LoadGenerator(Clock.systemUTC(), System::nanoTime)) {
      var command = new AttackCommand(generator, streams);
      var current = Thread.currentThread();
      var interrupt =
          new Thread(
              () -> {
                generator.stop();
                join(current);
              },
              "interrupt");
      Runtime.getRuntime().addShutdownHook(interrupt);
      command.run(arguments);
      Runtime.getRuntime().removeShutdownHook(interrupt);
    } catch (IllegalStateException e) {
      if (!"Shutdown in progress".equals(e.getMessage())) {
        throw e;
      }
    }
  }

  /** Ctrl-C ends the sending; what was sent is still written before the process ends. */
  private static void join(Thread thread) {
    try {
      thread.join(5_000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
