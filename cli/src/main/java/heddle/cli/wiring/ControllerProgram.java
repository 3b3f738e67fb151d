package heddle.cli.wiring;

import heddle.ca.CertificateAuthority;
import heddle.ca.Identity;
import heddle.cluster.node.InProcessProgram;
import heddle.control.ControlPlane;
import heddle.control.DiscoveryService;
import heddle.control.inject.DataPlane;
import heddle.control.inject.InjectionSettings;
import heddle.control.install.ControllerManifests;
import heddle.control.webhook.SocketPlace;
import heddle.kube.KubeApi;
import heddle.network.PodNetwork;
import heddle.xds.ads.AdsServer;
import io.grpc.TlsServerCredentials;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * The container {@code controller} of the Deployment {@code appmesh-controller}: the mesh control
 * plane, acting as its own ServiceAccount on the API like any client.
 */
final class ControllerProgram implements InProcessProgram {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final String apiServer;
  private final CertificateAuthority authority;
  private final DiscoveryService discovery;
  private final DataPlane dataPlane;

  /**
   * @param dataPlane of pods that do not choose
   */
  ControllerProgram(
      String apiServer,
      CertificateAuthority authority,
      DiscoveryService discovery,
      DataPlane dataPlane) {
    this.dataPlane = dataPlane;
    this.apiServer = apiServer;
    this.authority = authority;
    this.discovery = discovery;
  }

  @Override
  public Running start(Context context) {
    return new Controller(context);
  }

  /** Runs until it is told to stop, or fails to start. */
  private final class Controller implements Running {
    private final Context context;
    private final CompletableFuture<Integer> exit = new CompletableFuture<>();
    private final Thread thread;

    private Controller(Context context) {
      this.context = context;
      this.thread = Thread.ofVirtual().name("appmesh-controller").start(this::run);
    }

    private void run() {
      try (KubeApi api = KubeApi.ofServiceAccount(apiServer, context.serviceAccount());
          ControlPlane plane =
              ControlPlane.start(api, discovery, ControlPlane.Parts.standard(), PATIENCE);
          AdsServer.Listening envoys = listen()) {
        InetSocketAddress address = serve(plane);
        context.log().accept("level=info msg=\"serving webhooks\" address=" + address);
        new CompletableFuture<Void>().get();
      } catch (InterruptedException e) {
        context.log().accept("level=info msg=\"stopped\"");
        exit.complete(0);
      } catch (Exception e) {
        context.log().accept("level=error msg=\"" + e + "\"");
        exit.complete(1);
      }
    }

    /** Opens the way by which Envoys in pods subscribe. */
    private AdsServer.Listening listen() throws IOException {
      Identity identity = authority.issueServer(List.of(ControllerManifests.XDS_HOST), List.of());
      return discovery.listen(
          new PodPlace(context.network()),
          new InetSocketAddress(context.network().address(), ControllerManifests.XDS_PORT),
          TlsServerCredentials.newBuilder().keyManager(identity.keyManagers()).build());
    }

    private InetSocketAddress serve(ControlPlane plane) throws IOException {
      Identity identity =
          authority.issueServer(List.of(ControllerManifests.WEBHOOK_HOST), List.of());
      return plane.serveWebhooks(
          new PodPlace(context.network()),
          new InetSocketAddress(context.network().address(), ControllerManifests.WEBHOOK_PORT),
          identity.context(List.of()),
          InjectionSettings.standard().withDataPlane(dataPlane),
          Map.of());
    }

    @Override
    public void terminate(Duration grace) {
      thread.interrupt();
    }

    @Override
    public void kill() {
      thread.interrupt();
    }

    @Override
    public CompletionStage<Integer> exit() {
      return exit;
    }
  }

  private record PodPlace(PodNetwork network) implements SocketPlace {
    @Override
    public <T> T within(Callable<T> action) throws Exception {
      return network.within(action);
    }
  }
}
