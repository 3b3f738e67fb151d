package heddle.differential;

import heddle.proxy.ProxyServer;
import heddle.proxy.Sidecar;
import heddle.proxy.SidecarOptions;
import heddle.proxy.socket.Transport;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.grpc.ManagedChannel;
import io.grpc.inprocess.InProcessChannelBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Heddle's own proxy. */
final class EmbeddedPlane implements DataPlane {
  private final List<LogLine> log = new CopyOnWriteArrayList<>();
  private final ProxyServer server;
  private final Sidecar sidecar;
  private final ManagedChannel channel;

  EmbeddedPlane(ControlPlane control, long seed) {
    server = new ProxyServer(1, Thread.ofPlatform().daemon().factory(), Transport.best());
    sidecar =
        server.sidecar(
            SidecarOptions.of("embedded", this::line, new SplittableRandom(seed))
                .withNode(Node.newBuilder().setId("embedded").setCluster(ControlPlane.KEY).build())
                .withAdmin(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)));
    channel = InProcessChannelBuilder.forName(control.inProcessName()).build();
    sidecar.connect(channel, () -> "");
  }

  private void line(String line) {
    if (LogLine.is(line)) {
      log.add(LogLine.read(line));
    }
  }

  @Override
  public void awaitReady() throws IOException, InterruptedException {
    try {
      sidecar.ready().get(20, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new IOException("the embedded proxy is not ready", e);
    }
  }

  @Override
  public InetSocketAddress admin() {
    return sidecar.adminAddress().join();
  }

  @Override
  public List<LogLine> log() {
    return List.copyOf(log);
  }

  @Override
  public void close() {
    sidecar.close();
    channel.shutdownNow();
    server.close();
  }
}
