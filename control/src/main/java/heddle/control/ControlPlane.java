package heddle.control;

import heddle.control.cloudmap.CloudMap;
import heddle.control.cloudmap.CloudMapServices;
import heddle.control.inject.InjectionSettings;
import heddle.control.inject.SidecarInjector;
import heddle.control.install.ControllerManifests;
import heddle.control.members.MemberFinalizers;
import heddle.control.publish.PodSnapshots;
import heddle.control.publish.SnapshotPublisher;
import heddle.control.publish.TokenReviews;
import heddle.control.publish.Withdrawals;
import heddle.control.rebuild.MeshBuilder;
import heddle.control.rebuild.RebuildLoop;
import heddle.control.report.Origins;
import heddle.control.report.StatusReporter;
import heddle.control.view.ClusterView;
import heddle.control.webhook.KindWebhooks;
import heddle.control.webhook.PodWebhook;
import heddle.control.webhook.SocketPlace;
import heddle.control.webhook.Webhook;
import heddle.control.webhook.WebhookServer;
import heddle.kube.KubeApi;
import heddle.kube.status.EventRecorder;
import heddle.mesh.CompiledMesh;
import heddle.mesh.PodAssignment;
import heddle.mesh.emit.Endpoints;
import heddle.mesh.emit.NodeConfig;
import heddle.mesh.model.Provenance;
import heddle.mesh.model.ResourceStatus;
import heddle.resource.ResourceKey;
import heddle.xds.NodeName;
import heddle.xds.ResourceType;
import heddle.xds.ads.Nack;
import io.envoyproxy.envoy.config.core.v3.Node;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running control plane over one Kubernetes API. Everything it knows it reads from there, so it
 * may be stopped and started at any time; data planes notice nothing.
 */
public final class ControlPlane implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ControlPlane.class);
  private static final Duration SETTLE_FOR_ADMISSION = Duration.ofSeconds(5);

  private final KubeApi api;
  private final DiscoveryService discovery;
  private final MeshBuilder builder = new MeshBuilder();
  private final SnapshotPublisher publisher;
  private final ClusterView view;
  private final RebuildLoop loop;
  private final StatusReporter reporter;
  private final CloudMap cloudMap;
  private final CloudMapServices cloudMapServices;
  private final MemberFinalizers finalizers;
  private final Withdrawals withdrawals;
  private final Backing backing;
  private final PodSnapshots snapshots;
  private final CountDownLatch built = new CountDownLatch(1);

  /** Those published last; the rebuild loop's own. */
  private Endpoints endpoints = Endpoints.NONE;

  /** What data planes were told last which node they are by; the rebuild loop's own. */
  private @Nullable Assigned assigned;

  private record Assigned(CompiledMesh mesh, long podIdentities) {}

  private volatile boolean synced;
  private volatile @Nullable CompiledMesh compiled;
  private volatile @Nullable WebhookServer webhooks;

  /**
   * What a control plane is made of.
   *
   * @param timing how long changes are collected before a build
   * @param clock wall time, for conditions and events
   * @param ticker counts nanoseconds
   */
  public record Parts(RebuildLoop.Timing timing, InstantSource clock, LongSupplier ticker) {
    /** The system's clocks and standard timing. */
    public static Parts standard() {
      return new Parts(RebuildLoop.Timing.STANDARD, InstantSource.system(), System::nanoTime);
    }
  }

  private ControlPlane(KubeApi api, DiscoveryService discovery, Parts parts) {
    this.api = api;
    this.discovery = discovery;
    this.publisher = new SnapshotPublisher(discovery.store());
    this.loop = RebuildLoop.start(new Builds(), parts.timing(), parts.ticker());
    this.view = ClusterView.start(api, new Changes());
    this.snapshots = new PodSnapshots(view, () -> compiled);
    EventRecorder events = new EventRecorder(api, "appmesh-controller", parts.clock());
    this.reporter = new StatusReporter(api, view, events, parts.clock(), parts.ticker());
    this.cloudMap = new CloudMap(api, ControllerManifests.NAMESPACE, parts.clock(), parts.ticker());
    this.cloudMapServices = new CloudMapServices(view);
    this.finalizers = new MemberFinalizers(api, view, events, parts.ticker());
    this.withdrawals = new Withdrawals(api, parts.clock(), parts.ticker());
    this.backing = new Backing(new TokenReviews(api, view, snapshots));
  }

  /**
   * Starts a control plane that feeds a discovery service. The API stays the caller's.
   *
   * @throws IOException if the cluster cannot be read within the time
   */
  public static ControlPlane start(
      KubeApi api, DiscoveryService discovery, Parts parts, Duration atMost)
      throws IOException, InterruptedException {
    ControlPlane plane = new ControlPlane(api, discovery, parts);
    if (!plane.view.awaitSynced(atMost)) {
      plane.close();
      throw new IOException(
          "the resources of " + api.server() + " could not be read within " + atMost);
    }
    plane.synced = true;
    plane.loop.meshChanged();
    if (!plane.built.await(atMost.toNanos(), TimeUnit.NANOSECONDS)) {
      plane.close();
      throw new IOException("the mesh could not be compiled within " + atMost);
    }
    discovery.attach(plane.backing);
    return plane;
  }

  /**
   * Opens the webhooks; from then on the controller's pod is ready.
   *
   * @param place the controller's pod
   * @param address its address and {@link ControllerManifests#WEBHOOK_PORT}
   * @param tls with a certificate for {@link ControllerManifests#WEBHOOK_HOST}
   * @param further webhooks of other dialects, by path
   * @throws IOException if the address cannot be bound
   */
  public InetSocketAddress serveWebhooks(
      SocketPlace place,
      InetSocketAddress address,
      SSLContext tls,
      InjectionSettings injection,
      Map<String, Webhook> further)
      throws IOException {
    Map<String, Webhook> hooks = new HashMap<>(further);
    hooks.putAll(KindWebhooks.of(api));
    hooks.put("/mutate-v1-pod", new PodWebhook(new SidecarInjector(injection), new MeshOfPods()));
    WebhookServer server = WebhookServer.start(place, address, tls, hooks);
    webhooks = server;
    return server.address();
  }

  /** What was compiled last. */
  public Optional<CompiledMesh> mesh() {
    return Optional.ofNullable(compiled);
  }

  /** The resources as they are seen now. */
  public ClusterView view() {
    return view;
  }

  /** Stops everything; what was published stays in force. */
  @Override
  public void close() {
    discovery.detach(backing);
    WebhookServer server = webhooks;
    if (server != null) {
      server.close();
    }
    loop.close();
    view.close();
    reporter.close();
    cloudMap.close();
    finalizers.close();
    withdrawals.close();
  }

  private void rebuild() {
    ClusterView.Contents contents = view.contents();
    MeshBuilder.Build build = builder.build(contents);
    CompiledMesh mesh = build.mesh();
    compiled = mesh;
    List<ResourceStatus> statuses = new ArrayList<>(mesh.statuses());
    statuses.addAll(build.invalid());
    statuses.addAll(publish(mesh));
    reporter.report(statuses, contents.meshObjects());
    finalizers.update();
    built.countDown();
  }

  private void refreshEndpoints() {
    CompiledMesh mesh = compiled;
    if (mesh != null) {
      publish(mesh);
    }
  }

  private List<ResourceStatus> publish(CompiledMesh mesh) {
    List<ResourceStatus> problems = new ArrayList<>();
    Assigned now = new Assigned(mesh, view.podIdentities());
    withdrawals.around(
        view.deletedPods(),
        () -> {
          endpoints = mesh.endpoints(view.pods(), endpoints);
          problems.addAll(publisher.publish(mesh.nodes(), endpoints.assignments()));
        },
        discovery::endpointsAccepted);
    cloudMap.update(cloudMapServices.of(mesh));
    if (!now.equals(assigned)) {
      discovery.reassign();
      assigned = now;
    }
    return problems;
  }

  private final class Builds implements RebuildLoop.Work {
    @Override
    public void rebuild() {
      ControlPlane.this.rebuild();
    }

    @Override
    public void refreshEndpoints() {
      ControlPlane.this.refreshEndpoints();
    }
  }

  /** Nothing is built before everything has been seen once: half a mesh is worse than none. */
  private final class Changes implements ClusterView.Listener {
    @Override
    public void meshChanged() {
      if (synced) {
        loop.meshChanged();
      }
    }

    @Override
    public void podsChanged() {
      if (synced) {
        loop.endpointsChanged();
      }
    }
  }

  private final class MeshOfPods implements PodWebhook.Mesh {
    @Override
    public PodAssignment assign(String namespace, String pod, Map<String, String> labels)
        throws InterruptedException {
      if (!loop.settle(SETTLE_FOR_ADMISSION)) {
        LOG.warn("a pod is admitted by an older state of the mesh: compiling takes too long");
      }
      CompiledMesh mesh = compiled;
      PodAssignment known =
          mesh == null ? new PodAssignment.None() : mesh.assign(namespace, pod, labels);
      // The pod may follow its node within milliseconds, sooner than the caches hear of it.
      return known instanceof PodAssignment.Assigned
          ? known
          : builder.build(view.readAnew(api)).mesh().assign(namespace, pod, labels);
    }

    @Override
    public Map<String, String> namespaceLabels(String namespace) {
      return view.namespaceLabels().getOrDefault(namespace, Map.of());
    }

    @Override
    public boolean cloudMap(String nodeId) {
      CompiledMesh mesh = compiled;
      NodeConfig node = mesh == null ? null : mesh.nodes().get(nodeId);
      return node != null && cloudMapServices.name(node).isPresent();
    }
  }

  private final class Backing implements DiscoveryService.Backing {
    private final TokenReviews tokens;

    Backing(TokenReviews tokens) {
      this.tokens = tokens;
    }

    @Override
    public Optional<String> snapshotFor(Node node) {
      return snapshots.snapshotFor(node);
    }

    @Override
    public boolean accepts(NodeName node, Optional<String> token) {
      return tokens.accepts(node, token);
    }

    @Override
    public boolean observes(Optional<String> token) {
      return tokens.observes(token);
    }

    @Override
    public void rejected(Nack nack) {
      CompiledMesh mesh = compiled;
      NodeConfig node = mesh == null ? null : mesh.nodes().get(nack.snapshotKey());
      if (node != null) {
        List<Provenance> origins =
            discovery
                .store()
                .get(nack.snapshotKey())
                .map(snapshot -> Origins.of(nack, snapshot))
                .orElse(List.of());
        ResourceKey owner = node.owner();
        (origins.isEmpty()
                ? List.of(new Provenance(owner.kind(), owner.namespace(), owner.name(), ""))
                : origins)
            .forEach(origin -> reporter.refused(origin, nack));
      }
    }

    @Override
    public void accepted(String nodeId, String snapshotKey, ResourceType type) {
      reporter.accepted(nodeId, type);
    }

    @Override
    public void left(String nodeId) {
      reporter.left(nodeId);
    }
  }
}
