package heddle.bench.control;

import heddle.bench.machine.Child;
import heddle.bench.machine.JavaChild;
import heddle.bench.machine.Machine;
import heddle.bench.machine.Ports;
import heddle.kube.KubeApi;
import heddle.kube.KubeObject;
import heddle.manifest.Document;
import heddle.resource.appmesh.AppMeshCrds;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Fills a Kubernetes API with a mesh, starts a control plane, connects sidecars, and changes it.
 */
@Command(
    name = "bench/run control",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    usageHelpAutoWidth = true,
    description =
        "From an object's change in the Kubernetes API to the acknowledgement of every sidecar "
            + "that needs it: milliseconds, who was told, the control plane's memory.")
public final class ControlBench implements Callable<Integer> {
  private static final int FAILED = 1;
  private static final Duration START = Duration.ofMinutes(5);
  private static final int WRITERS = 4;

  @Option(names = "--services", defaultValue = "1000", description = "Default: ${DEFAULT-VALUE}.")
  private int services = 1000;

  @Option(
      names = "--pods",
      defaultValue = "10",
      description = "Of each service (default: ${DEFAULT-VALUE}).")
  private int pods = 10;

  @Option(
      names = "--backends",
      defaultValue = "5",
      description = "That each service calls (default: ${DEFAULT-VALUE}).")
  private int backends = 5;

  @Option(
      names = "--changes",
      defaultValue = "300",
      description = "Of endpoints; a third as many of routes (default: ${DEFAULT-VALUE}).")
  private int changes = 300;

  @Option(
      names = "--protocols",
      split = ",",
      defaultValue = "DELTA,SOTW",
      description = "Default: ${DEFAULT-VALUE}.")
  private List<Subscriber.Protocol> protocols = List.of();

  @Option(
      names = "--streams",
      defaultValue = "1",
      description = "ADS streams on one connection (default: ${DEFAULT-VALUE}).")
  private int streams = 1;

  @Option(
      names = "--seed",
      defaultValue = "1",
      description = "Of who calls whom and what changes (default: ${DEFAULT-VALUE}).")
  private long seed = 1;

  @Option(names = "--heap", defaultValue = "512m", description = "-Xmx of the control plane.")
  private String heap = "512m";

  @Option(names = "--quick", description = "100 services, 40 changes: does it work?")
  private boolean quick;

  @Option(
      names = "--output",
      defaultValue = "bench/target/control",
      description = "Directory for result.json (default: ${DEFAULT-VALUE}).")
  private Path output = Path.of("");

  private final PrintStream progress = System.err;

  private ControlBench() {}

  /** The command. */
  public static void main(String[] arguments) {
    System.exit(new CommandLine(new ControlBench()).execute(arguments));
  }

  @Override
  public Integer call() throws Exception {
    if (quick) {
      services = 100;
      changes = 40;
    }
    var machine = Machine.here();
    var town = new Town(services, pods, backends, new SplittableRandom(seed));
    Path work = Files.createTempDirectory("heddle-bench");
    Report report = new Report(machine, settings());
    try (var server = new EmbeddedApi(work);
        var api = KubeApi.of(server.url(), "", "")) {
      fill(api, town);
      for (Subscriber.Protocol protocol : protocols) {
        report.add(measure(protocol, town, server, api, work));
      }
      progress.println("the parts, one by one");
      report.parts(Parts.measure(town, api, quick ? 5 : 10, System::nanoTime));
    } finally {
      delete(work);
    }
    System.out.print(report.text());
    Files.createDirectories(output);
    Files.writeString(output.resolve("result.json"), report.json());
    System.out.println("\n" + output.resolve("result.json"));
    return report.wrongResponses() == 0 ? 0 : FAILED;
  }

  private String settings() {
    return ("%,d services with %d pods each, %d backends each; %,d sidecars, %s; "
            + "%d changes of endpoints, %d of routes, one at a time; seed %d; control plane: -Xmx%s")
        .formatted(
            services,
            pods,
            backends,
            services,
            streams == 1 ? "one connection each" : streams + " streams on a connection",
            changes,
            changes / 3,
            seed,
            heap);
  }

  private Report.Run measure(
      Subscriber.Protocol protocol, Town town, EmbeddedApi server, KubeApi api, Path work)
      throws IOException, InterruptedException {
    int port = Ports.free();
    progress.println(protocol + ": the control plane starts");
    long begin = System.nanoTime();
    List<String> command =
        JavaChild.command(
            List.of("-Xmx" + heap), Serving.class, List.of(server.url(), Integer.toString(port)));
    try (var plane = Child.start("control-" + protocol, command, work)) {
      plane.awaitPort(port, START);
      double start = (System.nanoTime() - begin) / 1e6;
      progress.println(protocol + ": " + services + " sidecars connect");
      begin = System.nanoTime();
      try (var fleet = new Fleet(town, port, protocol, streams, System::nanoTime)) {
        double connect = (System.nanoTime() - begin) / 1e6;
        var measured = new Changes(town, api, fleet, new SplittableRandom(seed), System::nanoTime);
        progress.println(protocol + ": warming up");
        measured.endpoints(changes / 5 * 2);
        measured.routes(changes / 10);
        progress.println(protocol + ": endpoints change");
        double cpu = plane.cpuSeconds();
        var endpoints = measured.endpoints(changes);
        double cpuOfEndpoints = (plane.cpuSeconds() - cpu) / changes;
        progress.println(protocol + ": routes change");
        cpu = plane.cpuSeconds();
        var routes = measured.routes(changes / 3);
        double cpuOfRoutes = (plane.cpuSeconds() - cpu) / (changes / 3);
        progress.println(protocol + ": everything changes");
        var everything = measured.everything(4);
        return new Report.Run(
            protocol,
            fleet.connections(),
            start,
            connect,
            endpoints,
            1000 * cpuOfEndpoints,
            routes,
            1000 * cpuOfRoutes,
            everything,
            measured.wrongResponses(),
            plane.residentBytes() / 1024.0 / 1024.0,
            plane.peakResidentBytes() / 1024.0 / 1024.0);
      }
    } catch (IllegalStateException e) {
      progress.println(Files.readString(work.resolve("control-" + protocol + ".err")));
      throw e;
    }
  }

  private void fill(KubeApi api, Town town) throws InterruptedException, ExecutionException {
    AppMeshCrds.all().forEach(crd -> api.create(KubeObject.of(Document.ofObject(crd))));
    String mesh = "";
    for (KubeObject object : town.ground()) {
      KubeObject created = api.create(object);
      mesh = created.kind().equals("Mesh") ? created.uid() : mesh;
    }
    String uid = mesh;
    var each = new ArrayList<Callable<Void>>();
    for (int service = 0; service < services; service++) {
      int number = service;
      each.add(
          () -> {
            town.service(number, uid).forEach(api::create);
            for (int pod = 0; pod < pods; pod++) {
              KubeObject object = town.podObject(number, pod);
              api.create(object);
              api.replaceStatus(object);
            }
            return null;
          });
    }
    run(each);
  }

  /** Runs all of it, a few at a time, and says how far it is. */
  private void run(List<Callable<Void>> all) throws InterruptedException, ExecutionException {
    var places = new Semaphore(WRITERS);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var running = new ArrayList<Future<Void>>();
      for (Callable<Void> one : all) {
        running.add(
            threads.submit(
                () -> {
                  places.acquire();
                  try {
                    return one.call();
                  } finally {
                    places.release();
                  }
                }));
      }
      for (int done = 0; done < running.size(); done++) {
        running.get(done).get();
        if (System.console() != null || done % (1 + all.size() / 10) == 0) {
          progress.printf(
              "%sfilling the API: %d of %d services",
              System.console() == null ? "\n" : "\r", done + 1, all.size());
        }
      }
      progress.println();
    }
  }

  private static void delete(Path directory) throws IOException {
    try (var files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
