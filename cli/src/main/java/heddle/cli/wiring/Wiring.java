package heddle.cli.wiring;

import com.fasterxml.jackson.databind.node.ObjectNode;
import heddle.ca.CertificateAuthority;
import heddle.cli.home.ClusterHome;
import heddle.cli.home.Settings;
import heddle.cluster.Cluster;
import heddle.cluster.type.CrdMerge;
import heddle.control.DiscoveryService;
import heddle.control.inject.DataPlane;
import heddle.control.install.ControllerManifests;
import heddle.envoy.EnvoyBinary;
import heddle.envoy.EnvoyMissingException;
import heddle.images.Catalogue;
import heddle.images.ImageFile;
import heddle.images.ImageNotFoundException;
import heddle.images.Programs;
import heddle.kube.KubeApi;
import heddle.kube.KubeObject;
import heddle.kube.apply.Applier;
import heddle.kube.apply.Waiter;
import heddle.load.LoadClassPath;
import heddle.manifest.Document;
import heddle.network.LinuxNodeNetwork;
import heddle.network.NodeOptions;
import heddle.proxy.ProxyServer;
import heddle.proxy.socket.Transport;
import heddle.resource.appmesh.AppMeshCrds;
import heddle.workload.ColorApp;
import io.grpc.ManagedChannel;
import io.grpc.TlsServerCredentials;
import io.grpc.inprocess.InProcessChannelBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Builds a running cluster by hand, in the order in which its parts need each other. */
public final class Wiring {

  private static final int PROXY_LOOPS = Math.max(1, Runtime.getRuntime().availableProcessors());
  private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");
  private static final Duration CONTROLLER_READY = Duration.ofSeconds(60);

  private Wiring() {}

  /**
   * Starts a cluster and its mesh controller.
   *
   * @param images the file of {@code --images}, or null
   * @param dataPlane of pods that do not choose; null for what the cluster had before
   * @param notes is told what the user should know, a sentence each
   * @throws IOException when something cannot be read, written or bound
   */
  public static RunningCluster start(
      ClusterHome home,
      @Nullable Path images,
      @Nullable DataPlane dataPlane,
      Consumer<String> notes)
      throws IOException, InterruptedException {
    RunningCluster running = new RunningCluster();
    try {
      assemble(running, home, images, Settings.forStart(home, dataPlane, notes));
      return running;
    } catch (IOException | InterruptedException | RuntimeException e) {
      try (running) {
        throw e;
      }
    }
  }

  private static void assemble(
      RunningCluster running, ClusterHome home, @Nullable Path images, Settings settings)
      throws IOException, InterruptedException {
    Clock clock = Clock.systemUTC();
    RandomGenerator random = new SecureRandom();
    CrashCleanup.of(home).run();

    CertificateAuthority authority = CertificateAuthority.open(home.certificates(), clock);
    LinuxNodeNetwork network =
        running.keep(LinuxNodeNetwork.open(NodeOptions.of(settings.clusterId(), home.network())));
    DiscoveryService discovery =
        running.keep(new DiscoveryService(DiscoveryService.Tokens.REQUIRED));
    discovery.listenInProcess(settings.clusterId());
    discovery.listen(
        new InetSocketAddress(LOOPBACK, settings.adsPort()),
        TlsServerCredentials.newBuilder()
            .keyManager(
                authority.issueServer(List.of("localhost"), List.of(LOOPBACK)).keyManagers())
            .build());
    ManagedChannel toDiscovery = channel(running, settings.clusterId());
    ProxyServer proxy =
        running.keep(
            new ProxyServer(PROXY_LOOPS, network.threadFactory("proxy"), Transport.best()));
    String apiServer = "https://127.0.0.1:" + settings.apiPort();

    running.keep(
        Cluster.start(
            new Cluster.Parts(
                home.name(),
                home.store(),
                home.pods(),
                settings.apiPort(),
                home.kubeconfig(),
                authority,
                network,
                catalogue(home, images),
                Map.of(
                    "envoy",
                    new SidecarProgram(
                        proxy, toDiscovery, network.nameServer(), SplittableRandom::new),
                    "proxyinit",
                    new RedirectProgram(),
                    "appmesh-controller",
                    new ControllerProgram(apiServer, authority, discovery, settings.dataPlane())),
                clock,
                random)));
    install(home, authority);
    // Sidecars start warm, and nobody waits for it: a failure is logged and costs speed only.
    var unused = proxy.warmUp();
  }

  /** The way by which embedded sidecars subscribe: the same server as Envoys', without a socket. */
  private static ManagedChannel channel(RunningCluster running, String name) {
    ManagedChannel channel = InProcessChannelBuilder.forName(name).build();
    running.keep((AutoCloseable) channel::shutdownNow);
    return channel;
  }

  private static Catalogue catalogue(ClusterHome home, @Nullable Path images) throws IOException {
    Programs programs =
        new Programs(
            Installation.jdk(),
            List.of(Installation.codeOf(ColorApp.class)),
            LoadClassPath.entries(),
            home.directory().resolve("images"));
    ImageFile own = images == null ? ImageFile.EMPTY : ImageFile.read(images);
    return new Catalogue(programs, own, Wiring::envoy);
  }

  /** Looked for anew by each pod that needs one, so that it may be installed meanwhile. */
  private static Path envoy() throws ImageNotFoundException {
    try {
      return EnvoyBinary.find(System.getenv()).path();
    } catch (EnvoyMissingException e) {
      throw new ImageNotFoundException(String.valueOf(e.getMessage()));
    }
  }

  /** Applies the controller's manifests and waits until its webhooks answer. */
  private static void install(ClusterHome home, CertificateAuthority authority)
      throws InterruptedException {
    try (KubeApi api = KubeApi.ofKubeconfig(home.kubeconfig())) {
      List<KubeObject> objects = new ArrayList<>();
      AppMeshCrds.all().forEach(crd -> objects.add(own(KubeObject.of(Document.ofObject(crd)))));
      objects.addAll(ControllerManifests.all(authority.certificatePem()));
      new Applier(api, System::nanoTime).apply(objects, "default");
      for (KubeObject object : objects) {
        if (object.kind().equals("Deployment")) {
          new Waiter(api, System::nanoTime).await(object, "Available", CONTROLLER_READY);
        }
      }
    }
  }

  /** A definition of a manifest's is merged into this one and takes nothing away from it. */
  private static KubeObject own(KubeObject definition) {
    ObjectNode metadata = definition.json().withObjectProperty("metadata");
    metadata.withObjectProperty("annotations").put(CrdMerge.OWN, "true");
    return definition;
  }
}
