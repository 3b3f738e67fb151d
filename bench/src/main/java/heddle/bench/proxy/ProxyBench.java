package heddle.bench.proxy;

import heddle.bench.machine.Commands;
import heddle.bench.machine.Cpus;
import heddle.bench.machine.Machine;
import heddle.bench.machine.Tool;
import heddle.bench.machine.WorkDirectory;
import heddle.bench.origin.Origin;
import heddle.load.LoadGenerator;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Drives each proxy in turn, in rounds. */
@Command(
    name = "bench/run proxy",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    usageHelpAutoWidth = true,
    description =
        "Compares Heddle's proxy with Envoy, nginx and HAProxy: requests per CPU-second (closed "
            + "loop), latency at fixed rates (open loop), resident memory. One thread each, "
            + "keep-alive, statistics and access log on.")
public final class ProxyBench implements Callable<Integer> {
  private static final int WARM_UPS = 8;
  private static final double BETTER = 1.05;
  private static final int FAILED = 1;

  @Option(names = "--rounds", defaultValue = "3", description = "Default: ${DEFAULT-VALUE}.")
  private int rounds = 3;

  @Option(
      names = "--seconds",
      defaultValue = "5",
      description = "Of each measurement (default: ${DEFAULT-VALUE}).")
  private int seconds = 5;

  @Option(
      names = "--warmup",
      defaultValue = "5",
      description =
          "Seconds for each proxy and shape before the first round, again and again until it gets "
              + "no better (default: ${DEFAULT-VALUE}).")
  private int warmup = 5;

  @Option(
      names = "--connections",
      defaultValue = "64",
      description = "Of the closed loop (default: ${DEFAULT-VALUE}).")
  private int connections = 64;

  @Option(
      names = "--proxies",
      split = ",",
      defaultValue = "HEDDLE,ENVOY,NGINX,HAPROXY",
      description = "Default: ${DEFAULT-VALUE}.")
  private List<Contestant> proxies = List.of();

  @Option(
      names = "--bodies",
      split = ",",
      defaultValue = "1,64",
      description = "KiB: 1 or 64 (default: ${DEFAULT-VALUE}).")
  private List<Integer> bodies = List.of();

  @Option(
      names = "--methods",
      split = ",",
      defaultValue = "GET,POST",
      description = "Default: ${DEFAULT-VALUE}.")
  private List<String> methods = List.of();

  @Option(
      names = "--hops",
      split = ",",
      defaultValue = "1,2",
      description = "Default: ${DEFAULT-VALUE}.")
  private List<Integer> hops = List.of();

  @Option(
      names = "--rates",
      split = ",",
      defaultValue = "1000,10000",
      description =
          "Requests per second of the open loop, from 5000 on with bodies of 1 KiB and one hop "
              + "only (default: ${DEFAULT-VALUE}); 0: none.")
  private List<Integer> rates = List.of();

  @Option(names = "--quick", description = "One round of 2 s after 4 s of warm-up: does it work?")
  private boolean quick;

  @Option(
      names = "--output",
      defaultValue = "bench/target/proxy",
      description = "Directory for result.json and result.svg (default: ${DEFAULT-VALUE}).")
  private Path output = Path.of("");

  private final PrintStream progress = System.err;
  private final Results results = new Results();

  private ProxyBench() {}

  /** The command. */
  public static void main(String[] arguments) {
    Commands.run(new ProxyBench(), arguments);
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (quick) {
      rounds = 1;
      seconds = 2;
      warmup = 4;
    }
    Tool.require("nginx", "haproxy", "wrk");
    Machine machine = Machine.here();
    Cpus cpus = Cpus.divide();
    try (var work = WorkDirectory.make();
        var origin = Origin.start(work.path(), "origin");
        var generator = new LoadGenerator(Clock.systemUTC(), System::nanoTime)) {
      measure(origin, generator, cpus, work.path());
    }
    var report = new Report(machine, cpus, versions(), settings(), results);
    System.out.print(ReportText.of(report));
    Files.createDirectories(output);
    Files.writeString(output.resolve("result.json"), ReportJson.of(report));
    Files.writeString(output.resolve("result.svg"), Picture.of(report));
    System.out.println("\n" + output.resolve("result.json") + ", " + output.resolve("result.svg"));
    return results.failures() == 0 ? 0 : FAILED;
  }

  private void measure(Origin origin, LoadGenerator generator, Cpus cpus, Path work)
      throws IOException, InterruptedException {
    var running = new ArrayList<Contestant.Running>();
    try {
      for (Contestant who : proxies) {
        progress.println("starting " + who.label() + " " + who.version());
        running.add(who.start(work, origin.port(), cpus));
      }
      var idle = new ArrayList<Long>();
      for (var proxy : running) {
        idle.add(proxy.residentBytes(1));
      }
      warmUp(running, origin, generator, work);
      for (int round = 1; round <= rounds; round++) {
        round(round, running, origin, generator, work);
      }
      for (int i = 0; i < running.size(); i++) {
        var proxy = running.get(i);
        results.add(
            proxy.who(), new Results.Memory(mega(idle.get(i)), mega(proxy.residentBytes(1))));
      }
    } finally {
      running.forEach(Contestant.Running::close);
    }
  }

  private static double mega(long bytes) {
    return bytes / 1024.0 / 1024.0;
  }

  private void warmUp(
      List<Contestant.Running> running, Origin origin, LoadGenerator generator, Path work)
      throws IOException, InterruptedException {
    for (Shape shape : shapes()) {
      progress.println("warming up: " + shape.label());
      for (var proxy : running) {
        warmUp(proxy, shape, work);
      }
      for (int rate : rates(shape)) {
        Latency.measure(generator, origin.port(), shape, rate, Math.min(warmup, seconds));
      }
    }
  }

  /** Goes on until it gets no better: on a busy machine code is compiled late. */
  private void warmUp(Contestant.Running proxy, Shape shape, Path work)
      throws IOException, InterruptedException {
    double best = 0;
    double latest = Capacity.measure(proxy, shape, connections, warmup, work).perCpuSecond();
    for (int i = 1; i < WARM_UPS && latest > best * BETTER; i++) {
      best = Math.max(best, latest);
      latest = Capacity.measure(proxy, shape, connections, warmup, work).perCpuSecond();
    }
    proxy.forgetLogs();
  }

  private void round(
      int round,
      List<Contestant.Running> running,
      Origin origin,
      LoadGenerator generator,
      Path work)
      throws IOException, InterruptedException {
    for (Shape shape : shapes()) {
      progress.printf("round %d of %d: %s%n", round, rounds, shape.label());
      for (var proxy : running) {
        results.add(
            new Results.CapacityKey(proxy.who(), shape),
            Capacity.measure(proxy, shape, connections, seconds, work));
        proxy.forgetLogs();
      }
      for (int rate : rates(shape)) {
        progress.printf("round %d of %d: %s at %d/s%n", round, rounds, shape.label(), rate);
        results.add(
            new Results.LatencyKey(null, shape, rate),
            Latency.measure(generator, origin.port(), shape, rate, seconds));
        for (var proxy : running) {
          results.add(
              new Results.LatencyKey(proxy.who(), shape, rate),
              Latency.measure(generator, proxy.port(shape.hops()), shape, rate, seconds));
          proxy.forgetLogs();
        }
      }
    }
  }

  private List<Shape> shapes() {
    var shapes = new ArrayList<Shape>();
    for (int hop : hops) {
      for (int body : bodies) {
        methods.forEach(method -> shapes.add(new Shape(method, body * 1024, hop)));
      }
    }
    return shapes;
  }

  private List<Integer> rates(Shape shape) {
    boolean light = shape.bytes() <= 1024 && shape.hops() == 1;
    return rates.stream().filter(rate -> rate > 0 && (rate < 5000 || light)).toList();
  }

  private String settings() {
    return "%d rounds of %d s, %d connections in the closed loop, %d s of warm-up"
        .formatted(rounds, seconds, connections, warmup);
  }

  private List<String> versions() throws IOException, InterruptedException {
    var versions = new ArrayList<String>();
    for (Contestant who : proxies) {
      versions.add(who.label() + " " + who.version());
    }
    return versions;
  }
}
