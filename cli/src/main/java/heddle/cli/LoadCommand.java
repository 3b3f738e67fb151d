package heddle.cli;

import heddle.load.Attack;
import heddle.load.LoadGenerator;
import heddle.load.Rate;
import heddle.load.Report;
import heddle.load.ReportBuilder;
import heddle.load.Target;
import heddle.load.TargetReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "load",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = "Sends requests at a constant rate, and reports how they were answered.",
    footer = {
      "",
      "Requests are sent when they are due, however long earlier ones take, and a "
          + "latency counts from when its request was due. Ctrl-C ends the sending; what "
          + "was sent is reported. The exit code says whether it ran, not how it was "
          + "answered: read the success ratio.",
      "",
      "Example: heddle load http://127.66.0.1/color/get --rate 50 --duration 4s"
    })
final class LoadCommand implements Callable<Integer> {

  private enum Format {
    text,
    json,
    hdr
  }

  @Parameters(paramLabel = "URL", description = "What to ask for: http://… or https://….")
  private String url = "";

  @Option(
      names = {"-r", "--rate"},
      paramLabel = "RATE",
      defaultValue = "50",
      description = "Requests per second, or per time: 50, 300/1m (default: ${DEFAULT-VALUE}).")
  private String rate = "50";

  @Option(
      names = {"-d", "--duration"},
      paramLabel = "TIME",
      defaultValue = "4s",
      description = "For how long; 0 until Ctrl-C (default: ${DEFAULT-VALUE}).")
  private String duration = "4s";

  @Option(
      names = {"-c", "--connections"},
      defaultValue = "0",
      paramLabel = "N",
      description = "Connections at once; further requests wait. 0: no limit, the default.")
  private int connections;

  @Option(
      names = {"-X", "--method"},
      paramLabel = "METHOD",
      defaultValue = "GET",
      description = "The requests' method (default: ${DEFAULT-VALUE}).")
  private String method = "GET";

  @Option(
      names = {"-H", "--header"},
      paramLabel = "'NAME: VALUE'",
      description = "A header of every request; may be given more than once.")
  private List<String> headers = List.of();

  @Option(names = "--body-file", paramLabel = "FILE", description = "The body of every request.")
  private @Nullable Path bodyFile;

  @Option(
      names = "--timeout",
      paramLabel = "TIME",
      defaultValue = "30s",
      description = "How long a request may take; 0 for ever (default: ${DEFAULT-VALUE}).")
  private String timeout = "30s";

  @Option(names = "--no-keepalive", description = "A connection of its own for each request.")
  private boolean oneRequestEach;

  @Option(
      names = {"-k", "--insecure"},
      description = "Accept any certificate.")
  private boolean insecure;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      defaultValue = "text",
      description = "text, json or hdr (default: ${DEFAULT-VALUE}).")
  private Format format = Format.text;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    Attack attack = attack();
    try (LoadGenerator generator = new LoadGenerator(Clock.systemUTC(), System::nanoTime)) {
      generator.warmUp();
      try (Interrupt interrupt = Interrupt.asks(generator::stop)) {
        print(run(generator, attack));
      }
    }
    return ExitCode.DONE;
  }

  private static Report run(LoadGenerator generator, Attack attack)
      throws IOException, InterruptedException {
    ReportBuilder builder = new ReportBuilder();
    try (Progress progress = progress(attack)) {
      generator.run(
          attack,
          result -> {
            builder.add(result);
            progress.step();
          });
    } catch (UnknownHostException e) {
      throw CommandFailure.usage("target: the name does not resolve: " + e.getMessage());
    }
    return builder.build();
  }

  private static Progress progress(Attack attack) {
    Duration length = attack.duration();
    return length.isZero()
        ? Progress.ofLasting("Sending", -1, ChronoUnit.FOREVER.getDuration())
        : Progress.ofLasting("Sending", attack.pacer().hits(length), length);
  }

  private void print(Report report) {
    PrintWriter out = spec.commandLine().getOut();
    out.print(
        switch (format) {
          case text -> report.text();
          case json -> report.json();
          case hdr -> report.hdr();
        });
    out.flush();
  }

  private Attack attack() {
    Target target = checked("", this::target);
    Rate pacer = checked("--", () -> Rate.parse(rate));
    Duration length = Options.duration("--duration", duration);
    Duration patience = Options.duration("--timeout", timeout);
    if (connections < 0) {
      throw CommandFailure.usage("--connections: " + connections + " (expected: >= 0)");
    }
    int kept = connections == 0 ? Attack.of(target, pacer, length).maxIdle() : connections;
    return new Attack(
        List.of(target), pacer, length, patience, connections, kept, !oneRequestEach, insecure);
  }

  private Target target() {
    if (!method.matches("[A-Z]+")) {
      throw CommandFailure.usage("--method: '" + method + "' (expected: capitals, such as POST)");
    }
    List<Target.Header> lines = new ArrayList<>();
    headers.forEach(line -> lines.add(checked("--", () -> TargetReader.header(line))));
    URI uri = Target.get(url).uri();
    return new Target(method, uri, lines, body());
  }

  private byte[] body() {
    if (bodyFile == null) {
      return new byte[0];
    }
    try {
      return Files.readAllBytes(bodyFile);
    } catch (IOException e) {
      throw CommandFailure.usage("--body-file " + bodyFile + ": cannot be read: " + e.getMessage());
    }
  }

  /** What the library refuses is the user's mistake here. */
  private static <T> T checked(String option, Supplier<T> value) {
    try {
      return value.get();
    } catch (IllegalArgumentException e) {
      throw CommandFailure.usage(option + e.getMessage());
    }
  }
}
