package heddle.bench.soak;

import heddle.bench.machine.Child;
import heddle.bench.machine.Commands;
import heddle.bench.machine.Cpus;
import heddle.bench.machine.JavaChild;
import heddle.bench.machine.Machine;
import heddle.bench.machine.Ports;
import heddle.bench.machine.Tool;
import heddle.bench.machine.WorkDirectory;
import heddle.bench.origin.Origin;
import heddle.bench.wrk.Request;
import heddle.bench.wrk.Wrk;
import heddle.load.LoadGenerator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Runs the traffic of a soak, and judges. */
@Command(
    name = "bench/run soak",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    usageHelpAutoWidth = true,
    description = {
      "Traffic at a part of the measured capacity while clusters, routes, endpoints and listeners "
          + "change in turn, through ADS. Every origin goes on serving when it is removed, so "
          + "whatever fails is the proxy's fault.",
      "The exit code is 1 when a request failed, an update was refused or a buffer leaked."
    })
public final class SoakBench implements Callable<Integer> {
  private static final int ORIGINS = 3;
  private static final int CONNECTIONS = 64;
  private static final int WARM_UP_SECONDS = 15;
  private static final int MEASURE_SECONDS = 10;
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** Mostly small, but every way of a body through the proxy. */
  private static final List<Request> MIX = mix();

  @Parameters(
      arity = "0..1",
      defaultValue = "10",
      paramLabel = "MINUTES",
      description = "How long (default: ${DEFAULT-VALUE}).")
  private double minutes = 10;

  @Option(
      names = "--share",
      defaultValue = "0.7",
      description = "Of the capacity (default: ${DEFAULT-VALUE}).")
  private double share = 0.7;

  @Option(names = "--rate", description = "Requests per second, instead of a share of capacity.")
  private int rate;

  @Option(
      names = "--change-every",
      defaultValue = "100",
      description = "Milliseconds between two changes; 0: none (default: ${DEFAULT-VALUE}).")
  private long changeEvery = 100;

  @Option(
      names = "--paranoid",
      description = "Every buffer is watched until it is released; much slower.")
  private boolean paranoid;

  @Option(
      names = "--output",
      defaultValue = "bench/target/soak",
      description = "Directory for result.json and result.svg (default: ${DEFAULT-VALUE}).")
  private Path output = Path.of("");

  private SoakBench() {}

  private static List<Request> mix() {
    var mix = new ArrayList<>(Collections.nCopies(7, new Request("GET", "/1024", 0)));
    mix.add(new Request("POST", Origin.POST_PATH, 1024));
    mix.add(new Request("GET", "/65536", 0));
    mix.add(new Request("POST", Origin.POST_PATH, 65536));
    return List.copyOf(mix);
  }

  /** The command. */
  public static void main(String[] arguments) {
    Commands.run(new SoakBench(), arguments);
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    Tool.require("nginx", "wrk");
    Machine machine = Machine.here();
    Cpus cpus = Cpus.divide();
    var origins = new ArrayList<Origin>();
    Outcome outcome;
    try (var work = WorkDirectory.make()) {
      try {
        for (int i = 0; i < ORIGINS; i++) {
          Path own = Files.createDirectory(work.path().resolve("origin-" + i));
          origins.add(Origin.start(own, "origin"));
        }
        outcome = soak(machine, cpus, origins, work.path());
      } finally {
        origins.forEach(Origin::close);
      }
    }
    System.out.print(outcome.text());
    Files.createDirectories(output);
    Files.writeString(output.resolve("result.json"), outcome.json());
    Files.writeString(output.resolve("result.svg"), outcome.picture());
    System.out.println(output.resolve("result.json") + ", " + output.resolve("result.svg"));
    return outcome.good() ? 0 : 1;
  }

  private Outcome soak(Machine machine, Cpus cpus, List<Origin> origins, Path work)
      throws IOException, InterruptedException {
    int port = Ports.free();
    long seconds = Math.max(1, Math.round(minutes * 60));
    long every = Math.clamp(seconds / 60, 1, 10);
    try (Child serving = serving(port, every, origins, work, cpus);
        var generator = new LoadGenerator(Clock.systemUTC(), System::nanoTime)) {
      serving.awaitPort(port, PATIENCE);
      System.err.println("warming up, then measuring the capacity");
      Wrk.run(port, MIX, CONNECTIONS, WARM_UP_SECONDS, work);
      Wrk capacity = Wrk.run(port, MIX, CONNECTIONS, MEASURE_SECONDS, work);
      double perSecond = capacity.requests() / capacity.seconds();
      int sent = rate > 0 ? rate : (int) (perSecond * share);
      System.err.printf("capacity %.0f/s, sending %d/s for %d s%n", perSecond, sent, seconds);
      int before = samples(serving).size();
      var traffic = new Traffic(System.err);
      traffic.run(generator, port, MIX, sent, CONNECTIONS, seconds);
      awaitSamples(serving, samples(serving).size() + 2);
      List<Sample> all = samples(serving);
      System.err.print(serving.errors());
      return new Outcome(
          machine, what(cpus), perSecond, sent, traffic, all.subList(before, all.size()));
    }
  }

  private String what(Cpus cpus) {
    return (changeEvery > 0 ? "a change every " + changeEvery + " ms" : "no changes")
        + (paranoid ? "; paranoid leak detection; " : "; ")
        + cpus.description();
  }

  private Child serving(int port, long every, List<Origin> origins, Path work, Cpus cpus)
      throws IOException {
    var arguments = new ArrayList<String>();
    arguments.add(work.toString());
    arguments.add(Long.toString(changeEvery));
    arguments.add(Long.toString(every));
    arguments.add(Integer.toString(port));
    arguments.add(Integer.toString(Ports.free()));
    origins.forEach(origin -> arguments.add(Integer.toString(origin.port())));
    List<String> options =
        paranoid
            ? List.of(
                "-Dio.netty.leakDetection.level=paranoid",
                "-Dio.netty.customResourceLeakDetector=" + LeakCounter.class.getName())
            : List.of();
    var command = JavaChild.command(options, SoakServing.class, arguments);
    return Child.measured("soak", command, work, cpus);
  }

  private static List<Sample> samples(Child serving) throws IOException {
    var samples = new ArrayList<Sample>();
    for (String line : Files.readAllLines(serving.output())) {
      samples.add(Sample.parse(line));
    }
    return samples;
  }

  private static void awaitSamples(Child serving, int wanted)
      throws IOException, InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (samples(serving).size() < wanted) {
      if (!serving.alive() || System.nanoTime() - deadline > 0) {
        throw new IOException("the serving process says nothing more:\n" + serving.errors());
      }
      Thread.sleep(100);
    }
  }
}
