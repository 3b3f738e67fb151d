package heddle.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import heddle.network.ServiceForward.Protocol;
import heddle.network.Talk.Greeter;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RelaysTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private LinuxNodeNetwork node;
  private PodNetwork pod;
  private InetSocketAddress outside;

  @BeforeAll
  void makeNode(@TempDir Path directory) {
    Machine.requireNamespaces();
    NodeOptions options = NodeOptions.of("relays", directory);
    node = NodeSetup.open(options, to -> to.getPort() == 80 ? outside : to);
    pod = node.addPod("pod");
  }

  @AfterAll
  void close() {
    if (node != null) {
      node.close();
    }
  }

  @Test
  void podReachesTheHostsServerThroughAnAddressOfTheNode() throws Exception {
    try (HostServer api = new HostServer("api")) {
      node.relayToHost(new InetSocketAddress("10.96.0.1", 443), api.address());
      assertThat(Talk.call(pod, "10.96.0.1", 443)).isEqualTo("api");
      InetSocketAddress endpoint = new InetSocketAddress(node.nodeAddress(), 6443);
      node.relayToHost(endpoint, api.address());
      node.services(List.of(forward("10.96.0.2", 443, endpoint)));
      assertThat(Talk.call(pod, "10.96.0.2", 443)).isEqualTo("api");
    }
    assertThatThrownBy(() -> Talk.call(pod, "10.96.0.1", 443))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("reset");
    assertThatThrownBy(
            () ->
                node.relayToHost(
                    new InetSocketAddress("10.96.0.1", 443), new InetSocketAddress("127.0.0.1", 1)))
        .isInstanceOf(NetworkException.class)
        .hasMessageContaining("10.96.0.1:443");
  }

  @Test
  void whatLeavesTheClusterIsDialledFromTheHost() throws Exception {
    try (HostServer internet = new HostServer("internet")) {
      outside = internet.address();
      assertThat(Talk.call(pod, "203.0.113.9", 80)).isEqualTo("internet");
      assertThatThrownBy(() -> Talk.call(pod, "169.254.169.254", 80))
          .isInstanceOf(ConnectException.class);
      assertThatThrownBy(() -> Talk.call(pod, "10.244.77.77", 80))
          .isInstanceOf(ConnectException.class);
    }
  }

  @Test
  void loadBalancerListensOnTheHostAndReachesTheEndpoints() throws Exception {
    try (Greeter server = new Greeter(pod, "pod", 8080);
        LoadBalancer balancer = node.addLoadBalancer()) {
      String address = balancer.address().getHostAddress();
      assertThat(address).startsWith("127.66.");
      int port = balancer.listen(List.of(7080)).get(7080);
      node.services(List.of(forward(address, 7080, at(8080))));
      assertThat(Talk.answer(SocketChannel.open(), new InetSocketAddress(address, port)))
          .isEqualTo("pod " + NodeAddresses.ENTRY.getHostAddress());
      assertThat(Talk.call(pod, address, 7080)).startsWith("pod ");

      node.services(List.of());
      assertThatThrownBy(
              () -> Talk.answer(SocketChannel.open(), new InetSocketAddress(address, port)))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("reset");
      assertThat(balancer.listen(List.of())).isEmpty();
      assertThatThrownBy(
              () -> Talk.answer(SocketChannel.open(), new InetSocketAddress(address, port)))
          .isInstanceOf(ConnectException.class);
    }
  }

  @Test
  void takenPortIsReplacedByAHighOne() throws Exception {
    try (LoadBalancer balancer = node.addLoadBalancer();
        ServerSocket other = new ServerSocket(81, 1, balancer.address())) {
      assertThat(other.getLocalPort()).isEqualTo(81);
      assertThat(balancer.listen(List.of(81)).get(81)).isGreaterThan(1023);
    }
  }

  @Test
  void twoClustersNeverShareALoadBalancersAddress(@TempDir Path directory) {
    try (LinuxNodeNetwork twin = LinuxNodeNetwork.open(NodeOptions.of("relays", directory));
        LoadBalancer mine = node.addLoadBalancer();
        LoadBalancer mineToo = node.addLoadBalancer();
        LoadBalancer theirs = twin.addLoadBalancer()) {
      assertThat(List.of(mine.address(), mineToo.address(), theirs.address()))
          .doesNotHaveDuplicates();
    }
  }

  @Test
  void apiServerDialsPodsFromTheNodeAndSidecarsTakeIt() throws Exception {
    try (Greeter server = new Greeter(pod, "pod", 8080)) {
      assertThat(Talk.rest(node.dial(at(8080), PATIENCE)))
          .isEqualTo("pod " + NodeAddresses.ENTRY.getHostAddress());
      assertThatThrownBy(() -> node.dial(at(8081), PATIENCE)).isInstanceOf(ConnectException.class);
    }
  }

  @Test
  void halfClosedConnectionStillCarriesTheAnswerAndNoByteIsLost() throws Exception {
    byte[] sent = new byte[8_000_000];
    new Random(1).nextBytes(sent);
    try (ServerSocketChannel listener = pod.within(() -> Talk.listen("0.0.0.0", 9000));
        LoadBalancer balancer = node.addLoadBalancer()) {
      String address = balancer.address().getHostAddress();
      int port = balancer.listen(List.of(9000)).get(9000);
      node.services(List.of(forward(address, 9000, at(9000))));
      CompletableFuture<Void> echo = CompletableFuture.runAsync(() -> echoAtTheEnd(listener));
      try (Socket client = new Socket(address, port)) {
        client.getOutputStream().write(sent);
        client.shutdownOutput();
        assertThat(client.getInputStream().readAllBytes()).isEqualTo(sent);
      }
      echo.get();
    }
  }

  /** Reads all input first, then sends it back: works only if the end of input travels alone. */
  private static void echoAtTheEnd(ServerSocketChannel listener) {
    try (Socket peer = listener.accept().socket()) {
      byte[] got = peer.getInputStream().readAllBytes();
      peer.getOutputStream().write(got);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void resetTravelsThroughTheRelay() throws Exception {
    try (ServerSocketChannel listener = pod.within(() -> Talk.listen("0.0.0.0", 9001));
        LoadBalancer balancer = node.addLoadBalancer()) {
      String address = balancer.address().getHostAddress();
      int port = balancer.listen(List.of(9001)).get(9001);
      node.services(List.of(forward(address, 9001, at(9001))));
      try (SocketChannel client = SocketChannel.open(new InetSocketAddress(address, port))) {
        SocketChannel peer = listener.accept();
        peer.write(ByteBuffer.wrap("x".getBytes(StandardCharsets.UTF_8)));
        client.read(ByteBuffer.allocate(1));
        peer.socket().setSoLinger(true, 0);
        peer.close();
        assertThatThrownBy(() -> client.read(ByteBuffer.allocate(1)))
            .isInstanceOf(IOException.class)
            .hasMessageContaining("reset");
      }
    }
  }

  private InetSocketAddress at(int port) {
    return new InetSocketAddress(pod.address(), port);
  }

  private static ServiceForward forward(String address, int port, InetSocketAddress endpoint) {
    return new ServiceForward(Cidr.ipv4(address), port, Protocol.TCP, List.of(endpoint));
  }

  /** A server on the host's loopback that says its name. */
  private static final class HostServer implements AutoCloseable {
    private final ServerSocketChannel listener;
    private final Greeter greeter;

    HostServer(String name) throws Exception {
      listener = Talk.listen("127.0.0.1", 0);
      greeter = new Greeter(listener, name);
    }

    InetSocketAddress address() throws IOException {
      return (InetSocketAddress) listener.getLocalAddress();
    }

    @Override
    public void close() throws Exception {
      greeter.close();
    }
  }
}
