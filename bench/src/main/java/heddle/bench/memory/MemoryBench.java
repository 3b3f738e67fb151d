package heddle.bench.memory;

import com.fasterxml.jackson.databind.ObjectMapper;
import heddle.bench.machine.Child;
import heddle.bench.machine.Commands;
import heddle.bench.machine.JavaChild;
import heddle.bench.machine.Machine;
import heddle.bench.machine.WorkDirectory;
import heddle.bench.serving.Serving;
import heddle.envoy.EnvoyBinary;
import heddle.load.Attack;
import heddle.load.LoadGenerator;
import heddle.load.Rate;
import heddle.load.Target;
import io.envoyproxy.envoy.config.bootstrap.v3.Bootstrap;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Starts sidecars of a walkthrough in both data planes and reads their memory. */
@Command(
    name = "bench/run memory",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    usageHelpAutoWidth = true,
    description =
        "Resident memory of the embedded data plane with many sidecars, and of Envoys with the "
            + "same configuration: before the first request, and after some to every listener.")
public final class MemoryBench implements Callable<Integer> {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final double MEGA = 1024.0 * 1024.0;

  @Option(names = "--sidecars", defaultValue = "20", description = "Default: ${DEFAULT-VALUE}.")
  private int sidecars = 20;

  @Option(names = "--envoys", defaultValue = "4", description = "Default: ${DEFAULT-VALUE}.")
  private int envoys = 4;

  @Option(
      names = "--requests",
      defaultValue = "5000",
      description = "To each listener, before the second look (default: ${DEFAULT-VALUE}).")
  private int requests = 5000;

  @Option(
      names = {"-f", "--filename"},
      defaultValue = "examples/outlier-detection/manifest.yaml",
      description = "Its mesh configures them (default: ${DEFAULT-VALUE}).")
  private Path manifest = Path.of("");

  @Option(
      names = "--output",
      defaultValue = "bench/target/memory",
      description = "Directory for result.json (default: ${DEFAULT-VALUE}).")
  private Path output = Path.of("");

  /** Bytes of memory: all resident pages, and a fair share of those that are shared. */
  private record Memory(long resident, long proportional) {
    static Memory of(List<Child> processes) throws IOException {
      long resident = 0;
      long proportional = 0;
      for (Child process : processes) {
        resident += process.residentBytes();
        proportional += process.proportionalBytes();
      }
      return new Memory(resident, proportional);
    }
  }

  private record Row(String who, Memory idle, Memory used) {}

  private MemoryBench() {}

  /** The command. */
  public static void main(String[] arguments) {
    Commands.run(new MemoryBench(), arguments);
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    Walkthrough walkthrough = Walkthrough.of(manifest);
    var envoy = EnvoyBinary.find(System.getenv());
    Machine machine = Machine.here();
    var rows = new ArrayList<Row>();
    try (var work = WorkDirectory.make()) {
      rows.add(heddle(walkthrough, sidecars, work.path()));
      rows.add(heddle(walkthrough, 1, work.path()));
      rows.add(envoy(walkthrough, envoys, work.path(), envoy));
      rows.add(envoy(walkthrough, 1, work.path(), envoy));
    }
    System.out.println(machine.description() + "; Envoy " + envoy.version());
    print(rows);
    Files.createDirectories(output);
    Files.writeString(output.resolve("result.json"), json(machine, rows));
    return 0;
  }

  private Row heddle(Walkthrough walkthrough, int count, Path work)
      throws IOException, InterruptedException {
    var ports = new ArrayList<Integer>();
    var arguments = new ArrayList<>(List.of(work.toString()));
    for (int i = 0; i < count; i++) {
      arguments.add(write(walkthrough.sidecar(i), work, ports));
    }
    var command = JavaChild.command(List.of(), Serving.class, arguments);
    try (Child child = Child.start("heddle-" + count, command, work)) {
      return measure(count + " in one Heddle process", List.of(child), ports);
    }
  }

  private Row envoy(Walkthrough walkthrough, int count, Path work, EnvoyBinary envoy)
      throws IOException, InterruptedException {
    var ports = new ArrayList<Integer>();
    var children = new ArrayList<Child>();
    try {
      for (int i = 0; i < count; i++) {
        String file = write(walkthrough.sidecar(i), work, ports);
        var command =
            List.of(
                envoy.path().toString(),
                "--config-path",
                file,
                "--concurrency",
                "1",
                "--disable-hot-restart",
                "--log-level",
                "warn");
        children.add(Child.start("envoy-%d-%d".formatted(count, i), command, work));
      }
      return measure(count + (count == 1 ? " Envoy" : " Envoys"), children, ports);
    } finally {
      children.forEach(Child::close);
    }
  }

  private static String write(Bootstrap bootstrap, Path work, List<Integer> ports)
      throws IOException {
    for (var listener : bootstrap.getStaticResources().getListenersList()) {
      ports.add(listener.getAddress().getSocketAddress().getPortValue());
    }
    Path file = Files.createTempFile(work, "sidecar", ".pb");
    return Files.write(file, bootstrap.toByteArray()).toString();
  }

  private Row measure(String who, List<Child> processes, List<Integer> ports)
      throws IOException, InterruptedException {
    System.err.println("starting " + who);
    for (int port : ports) {
      processes.getLast().awaitPort(port, PATIENCE);
    }
    Memory idle = Memory.of(processes);
    try (var generator = new LoadGenerator(Clock.systemUTC(), System::nanoTime)) {
      for (int port : ports) {
        // Whatever they answer: most ask for pods that are not there.
        var target = Target.get("http://127.0.0.1:" + port + "/");
        var rate = new Rate(requests, Duration.ofSeconds(1));
        generator.run(
            Attack.of(target, rate, Duration.ofSeconds(1)).withConnections(8), result -> {});
      }
    }
    return new Row(who, idle, Memory.of(processes));
  }

  private void print(List<Row> rows) {
    System.out.println("configuration: the nodes of " + manifest + " in turn; megabytes");
    System.out.printf(
        "%-26s %10s %10s %12s %12s%n", "", "RSS idle", "PSS idle", "RSS used", "PSS used");
    for (Row row : rows) {
      System.out.printf(
          Locale.ROOT,
          "%-26s %10.0f %10.0f %12.0f %12.0f%n",
          row.who(),
          row.idle().resident() / MEGA,
          row.idle().proportional() / MEGA,
          row.used().resident() / MEGA,
          row.used().proportional() / MEGA);
    }
    System.out.printf(
        Locale.ROOT,
        "%s in %s: %.0f %% of the RSS, %.0f %% of the PSS (target: less than 100 %%)%n",
        rows.get(0).who(),
        rows.get(2).who(),
        100.0 * rows.get(0).used().resident() / rows.get(2).used().resident(),
        100.0 * rows.get(0).used().proportional() / rows.get(2).used().proportional());
  }

  private static String json(Machine machine, List<Row> rows) {
    var root = new ObjectMapper().createObjectNode();
    root.put("machine", machine.description());
    var list = root.putArray("bytes");
    for (Row row : rows) {
      list.addObject()
          .put("who", row.who())
          .put("residentIdle", row.idle().resident())
          .put("proportionalIdle", row.idle().proportional())
          .put("residentUsed", row.used().resident())
          .put("proportionalUsed", row.used().proportional());
    }
    return root.toPrettyString() + "\n";
  }
}
