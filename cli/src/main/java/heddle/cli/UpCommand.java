package heddle.cli;

import heddle.cli.home.BackgroundCluster;
import heddle.cli.home.ClusterHome;
import heddle.cli.home.Settings;
import heddle.cli.wiring.RunningCluster;
import heddle.cli.wiring.Wiring;
import heddle.control.inject.DataPlane;
import heddle.images.ImageFile;
import heddle.kube.KubeApi;
import heddle.kube.KubeObject;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
    name = "up",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Starts a cluster with all its controllers, and applies manifests.",
      "For a cluster that is up already, applies the manifests and returns."
    })
final class UpCommand implements Callable<Integer> {

  private enum Network {
    auto,
    netns,
    portable
  }

  @Mixin private ClusterName cluster = new ClusterName();

  @Option(
      names = {"-f", "--filename"},
      paramLabel = "FILE|DIR|URL",
      description = "Manifests to apply; may be given more than once.")
  private List<String> files = List.of();

  @Option(names = "--detach", description = "Return once everything applied is Ready.")
  private boolean detach;

  @Option(
      names = "--timeout",
      paramLabel = "TIME",
      defaultValue = "120s",
      description = "How long to wait for Ready (default: ${DEFAULT-VALUE}).")
  private String timeout = "120s";

  @Option(
      names = "--data-dir",
      paramLabel = "DIR",
      description = "Where the cluster's state is kept.")
  private @Nullable Path dataDirectory;

  @Option(
      names = "--kubeconfig",
      paramLabel = "FILE",
      description = "Where to write the kubeconfig.")
  private @Nullable Path kubeconfig;

  @Option(
      names = "--images",
      paramLabel = "FILE",
      description = "Which command stands for which image.")
  private @Nullable Path images;

  @Mixin private DataPlaneOption dataPlane = new DataPlaneOption();

  @Option(
      names = "--network",
      paramLabel = "KIND",
      defaultValue = "auto",
      description = "auto, netns or portable (default: ${DEFAULT-VALUE}).")
  private Network network = Network.auto;

  /** Starts and stops: how the launcher trains the cache that makes later starts quick. */
  @Option(names = "--once", hidden = true)
  private boolean once;

  /** Set in the process that serves in the background: it says READY on its standard output. */
  @Option(names = "--background", hidden = true)
  private boolean background;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    long started = System.nanoTime();
    refuseWhatIsNotBuilt();
    Duration limit = Options.duration("--timeout", timeout);
    Manifests manifests = Manifests.read(files);
    checkImages();
    ClusterHome home = home();
    checkDataPlane(home);
    create(home);
    if (background) {
      return serve(home, Manifests.read(List.of()), limit, started);
    }
    if (home.owner().isPresent()) {
      return apply(home, manifests, limit, started);
    }
    if (!detach) {
      return serve(home, manifests, limit, started);
    }
    try {
      new BackgroundCluster(home).start(backgroundArguments(home));
    } catch (IOException e) {
      throw CommandFailure.environment(String.valueOf(e.getMessage()));
    }
    return apply(home, manifests, limit, started);
  }

  /** Read once more by the process that serves: what is wrong is better said here. */
  private void checkImages() {
    try {
      if (images != null) {
        ImageFile.read(images);
      }
    } catch (IOException e) {
      throw CommandFailure.usage("--images " + images + ": cannot be read: " + e);
    } catch (IllegalArgumentException e) {
      throw CommandFailure.usage("--images " + e.getMessage());
    }
  }

  private void checkDataPlane(ClusterHome home) throws IOException {
    DataPlane asked = dataPlane.asked();
    DataPlane known = Settings.dataPlane(home).orElse(DataPlane.EMBEDDED);
    if (home.owner().isEmpty()) {
      DataPlaneOption.check(asked == null ? known : asked);
    } else if (asked != null && asked != known) {
      throw CommandFailure.usage(
          "cluster '%s' is up with data plane %s; to change it: heddle down --name %s, then up again"
              .formatted(home.name(), known.word(), home.name()));
    }
  }

  private static void create(ClusterHome home) {
    try {
      home.create();
    } catch (IOException e) {
      throw CommandFailure.usage(
          "%s and %s: cannot be written: %s (choose others: --data-dir, --kubeconfig, HEDDLE_HOME)"
              .formatted(home.directory(), home.kubeconfig(), e));
    }
  }

  private void refuseWhatIsNotBuilt() {
    if (network == Network.portable) {
      throw CommandFailure.environment(
          "--network portable is not built yet: pods need Linux network namespaces");
    }
  }

  private ClusterHome home() {
    ClusterHome known = cluster.home();
    if (dataDirectory == null && kubeconfig == null) {
      return known;
    }
    Path directory = dataDirectory == null ? known.directory() : dataDirectory.toAbsolutePath();
    Path config =
        kubeconfig == null ? directory.resolve("kubeconfig") : kubeconfig.toAbsolutePath();
    return new ClusterHome(known.name(), directory, config);
  }

  private List<String> backgroundArguments(ClusterHome home) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "up",
                "--background",
                "--name",
                home.name(),
                "--data-dir",
                home.directory().toString(),
                "--kubeconfig",
                home.kubeconfig().toString()));
    if (images != null) {
      arguments.addAll(List.of("--images", images.toAbsolutePath().toString()));
    }
    DataPlane asked = dataPlane.asked();
    if (asked != null) {
      arguments.addAll(List.of("--data-plane", asked.word()));
    }
    return arguments;
  }

  /** Serves in this process until it is told to stop. */
  private int serve(ClusterHome home, Manifests manifests, Duration limit, long started)
      throws Exception {
    Optional<ClusterHome.Lock> lock = home.lock();
    if (lock.isEmpty()) {
      throw CommandFailure.usage(
          "cluster '" + home.name() + "' is being started by another process");
    }
    CountDownLatch stop = new CountDownLatch(1);
    try (Interrupt interrupt = Interrupt.asks(stop::countDown);
        ClusterHome.Lock held = lock.get();
        RunningCluster running = Wiring.start(home, images, dataPlane.asked(), this::note)) {
      if (background) {
        System.out.println(BackgroundCluster.READY);
        System.out.flush();
        System.out.close();
      } else {
        apply(home, manifests, limit, started);
      }
      if (!once) {
        if (!background) {
          spec.commandLine().getErr().println("Ctrl-C stops the cluster.");
        }
        stop.await();
      }
    }
    return ExitCode.DONE;
  }

  private void note(String sentence) {
    spec.commandLine().getErr().println(sentence);
  }

  private int apply(ClusterHome home, Manifests manifests, Duration limit, long started)
      throws InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    List<String> late = List.of();
    if (!manifests.isEmpty()) {
      try (KubeApi api = KubeApi.ofKubeconfig(home.kubeconfig())) {
        List<KubeObject> applied = manifests.apply(api, out);
        late = new Readiness(api, InstantSource.system()).await(applied, limit, err);
      }
    }
    late.forEach(err::println);
    out.println("KUBECONFIG=" + home.kubeconfig());
    out.printf("%.1f s%n", (System.nanoTime() - started) / 1e9);
    out.flush();
    return late.isEmpty() ? ExitCode.DONE : ExitCode.NO;
  }
}
