package heddle.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import heddle.network.ServiceForward.Protocol;
import heddle.network.Talk.Greeter;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.unix.IntegerUnixChannelOption;
import io.netty.channel.unix.RawUnixChannelOption;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LinuxNodeNetworkTest {
  private Path directory;
  private LinuxNodeNetwork node;
  private PodNetwork a;
  private PodNetwork b;
  private PodNetwork c;

  @BeforeAll
  void makeThreePods(@TempDir Path temporary) {
    directory = temporary;
    Machine.requireNamespaces();
    node = LinuxNodeNetwork.open(NodeOptions.of("test", directory));
    a = node.addPod("a");
    b = node.addPod("b");
    c = node.addPod("c");
  }

  @AfterAll
  void close() {
    if (node != null) {
      node.close();
      assertThat(directory.resolve("netns")).isEmptyDirectory();
    }
  }

  @Test
  void podsSeeEachOthersRealAddresses() throws Exception {
    try (var server = new Greeter(b, "b", 8080)) {
      assertThat(Talk.call(a, b.address().getHostAddress(), 8080))
          .isEqualTo("b " + a.address().getHostAddress());
    }
  }

  @Test
  void aPodThatBrokeItsOwnLinkIsRemovedLikeAnyOther() throws Exception {
    PodNetwork broken = node.addPod("broken");
    var file = broken.namespaceFile();
    int status =
        broken.within(
            () -> new ProcessBuilder("ip", "link", "del", "eth0").inheritIO().start().waitFor());
    assertThat(status).isZero();

    node.removePod("broken");

    assertThat(file).doesNotExist();
  }

  @Test
  void probesComeFromTheNodesAddress() throws Exception {
    try (var server = new Greeter(b, "b", 8080)) {
      SocketChannel probe = node.inNode(SocketChannel::open);
      assertThat(Talk.answer(probe, new InetSocketAddress(b.address(), 8080)))
          .isEqualTo("b " + node.nodeAddress().getHostAddress());
    }
  }

  @Test
  void serviceAddressReachesEveryEndpointAndOnlyThose() throws Exception {
    try (var one = new Greeter(b, "b", 8080);
        var two = new Greeter(c, "c", 9090)) {
      node.services(List.of(forward("10.96.0.77", 80, at(b, 8080), at(c, 9090))));
      Set<String> seen = new HashSet<>();
      while (seen.size() < 2) {
        seen.add(Talk.call(a, "10.96.0.77", 80));
      }
      String from = a.address().getHostAddress();
      assertThat(seen).containsExactlyInAnyOrder("b " + from, "c " + from);

      node.services(List.of(forward("10.96.0.77", 80, at(c, 9090))));
      for (int i = 0; i < 20; i++) {
        assertThat(Talk.call(a, "10.96.0.77", 80)).isEqualTo("c " + from);
      }
    }
  }

  @Test
  void serviceWithoutEndpointsRefuses() throws Exception {
    node.services(List.of(forward("10.96.0.78", 80)));
    assertThatThrownBy(() -> Talk.call(a, "10.96.0.78", 80)).isInstanceOf(ConnectException.class);
    node.services(List.of(forward("10.96.0.78", 80, at(b, 1))));
    node.services(List.of());
    node.services(List.of(forward("10.96.0.78", 80, at(b, 8080))));
    try (var server = new Greeter(b, "b", 8080)) {
      assertThat(Talk.call(a, "10.96.0.78", 80)).startsWith("b ");
    }
  }

  @Test
  void podReachesItselfThroughItsService() throws Exception {
    try (var server = new Greeter(b, "b", 8080)) {
      node.services(List.of(forward("10.96.0.79", 80, at(b, 8080))));
      assertThat(Talk.call(b, "10.96.0.79", 80)).startsWith("b ");
    }
  }

  @Test
  void establishedConnectionOutlivesItsServicesRemoval() throws Exception {
    try (var listener = b.within(() -> Talk.listen("0.0.0.0", 7070))) {
      node.services(List.of(forward("10.96.0.80", 80, at(b, 7070))));
      try (SocketChannel client = a.within(SocketChannel::open)) {
        client.connect(new InetSocketAddress("10.96.0.80", 80));
        try (SocketChannel server = listener.accept()) {
          node.services(List.of());
          client.write(ByteBuffer.wrap(new byte[] {42}));
          ByteBuffer got = ByteBuffer.allocate(1);
          server.read(got);
          assertThat(got.get(0)).isEqualTo((byte) 42);
        }
      }
    }
  }

  @Test
  void loadBalancersLoopbackAddressAnswersInsidePods() throws Exception {
    try (var server = new Greeter(b, "b", 8080)) {
      node.services(List.of(forward("127.66.3.4", 80, at(b, 8080))));
      assertThat(Talk.call(a, "127.66.3.4", 80)).isEqualTo("b " + a.address().getHostAddress());
      assertThat(Talk.call(b, "127.66.3.4", 80)).startsWith("b ");
      assertThatThrownBy(() -> Talk.call(a, "127.66.3.5", 80)).isInstanceOf(ConnectException.class);
    }
  }

  @Test
  void actionsRunWhereTheyShouldAndThreadsComeBack() throws Exception {
    String host = Machine.namespace();
    String inNode = node.inNode(Machine::namespace);
    String inPod = a.within(Machine::namespace);
    assertThat(Set.of(host, inNode, inPod)).hasSize(3);
    assertThat(Machine.namespace()).isEqualTo(host);
    assertThat(
            node.inNode(() -> a.within(() -> b.within(Machine::namespace) + Machine.namespace())))
        .endsWith(inPod)
        .isNotEqualTo(inPod + inPod);
    for (int i = 0; i < 8; i++) {
      assertThat(node.inNode(Machine::namespace)).isEqualTo(inNode);
    }
    assertThatThrownBy(
            () ->
                a.within(
                    () -> {
                      throw new IOException("as thrown inside");
                    }))
        .isInstanceOf(IOException.class)
        .hasMessage("as thrown inside");
    assertThat(Files.readSymbolicLink(Files.readSymbolicLink(a.namespaceFile())).toString())
        .isEqualTo(inPod);
  }

  @Test
  void virtualThreadsThatWaitForTheNodeStayInTheHostsNamespace() throws Exception {
    String host = Machine.namespace();
    Callable<String> visit =
        () -> {
          node.inNode(() -> 1);
          return Machine.namespace();
        };
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var seen : threads.invokeAll(java.util.Collections.nCopies(500, visit))) {
        assertThat(seen.get()).isEqualTo(host);
      }
    }
  }

  @Test
  void virtualThreadsWokenByTheNodesThreadsStayInTheHostsNamespace() throws Exception {
    String host = Machine.namespace();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 200; i++) {
        CompletableFuture<Integer> woken = new CompletableFuture<>();
        Future<String> waiting =
            threads.submit(
                () -> {
                  woken.get();
                  return Machine.namespace();
                });
        Future<String> started =
            node.inNode(
                () -> {
                  woken.complete(1);
                  return threads.submit(Machine::namespace);
                });
        assertThat(waiting.get()).isEqualTo(host);
        assertThat(started.get()).isEqualTo(host);
      }
    }
  }

  @Test
  void podsResolveNamesByDatagramAndByStream() throws Exception {
    node.names(names("10.96.0.20"));
    byte[] query = DnsResponderTest.query("web.default.svc.cluster.local", DnsCode.A);
    InetSocketAddress server = new InetSocketAddress(node.nameServer(), 53);
    try (DatagramChannel client =
        a.within(() -> DatagramChannel.open(StandardProtocolFamily.INET))) {
      client.connect(server);
      client.write(ByteBuffer.wrap(query));
      ByteBuffer answer = ByteBuffer.allocate(512);
      client.read(answer);
      assertThat(DnsResponderTest.records(Arrays.copyOf(answer.array(), answer.position())))
          .containsExactly("A web.default.svc.cluster.local 10.96.0.20");
    }
    node.names(names("10.96.0.21"));
    try (SocketChannel client = a.within(SocketChannel::open)) {
      client.connect(server);
      DataOutputStream out = new DataOutputStream(client.socket().getOutputStream());
      out.writeShort(query.length);
      out.write(query);
      DataInputStream in = new DataInputStream(client.socket().getInputStream());
      assertThat(DnsResponderTest.records(in.readNBytes(in.readUnsignedShort())))
          .containsExactly("A web.default.svc.cluster.local 10.96.0.21");
    }
  }

  private static NameTable names(String address) {
    return new NameTable(
        Set.of("cluster.local"),
        Map.of("web.default.svc.cluster.local", List.of(Cidr.ipv4(address))),
        Map.of(),
        Map.of());
  }

  @Test
  void sidecarTakesUnmarkedTrafficAndSparesItsOwn() throws Exception {
    BlockingQueue<String> taken = new LinkedBlockingQueue<>();
    EventLoopGroup loops =
        new MultiThreadIoEventLoopGroup(
            1, node.threadFactory("test-loop"), EpollIoHandler.newFactory());
    PodNetwork pod = node.addPod("with-sidecar");
    try (var server = new Greeter(b, "b", 8080);
        var application = new Greeter(pod, "application", 8080);
        var other = new Greeter(pod, "other", 8081)) {
      pod.intercept(new Interception(15006, 15001, Set.of(8080), 1337, Set.of(22), List.of()));
      Channel out = onLoop(loops, () -> pod.within(() -> sidecar(loops, 15001, taken)));
      Channel in = onLoop(loops, () -> pod.within(() -> sidecar(loops, 15006, taken)));

      assertThat(Talk.call(pod, "10.96.0.99", 5000)).isEqualTo("sidecar");
      assertThat(taken.poll(10, TimeUnit.SECONDS)).isEqualTo("15001 10.96.0.99:5000");
      assertThat(Talk.call(pod, "127.66.0.9", 80)).isEqualTo("sidecar");
      assertThat(taken.poll(10, TimeUnit.SECONDS)).isEqualTo("15001 127.66.0.9:80");
      assertThat(Talk.call(pod, "127.0.0.1", 8080)).startsWith("application ");

      String address = pod.address().getHostAddress();
      assertThat(Talk.call(a, address, 8080)).isEqualTo("sidecar");
      assertThat(taken.poll(10, TimeUnit.SECONDS)).isEqualTo("15006 " + address + ":8080");
      assertThat(Talk.call(a, address, 8081)).startsWith("other ");
      SocketChannel probe = node.inNode(SocketChannel::open);
      assertThat(Talk.answer(probe, new InetSocketAddress(pod.address(), 8080)))
          .startsWith("application ");

      assertThat(markedCall(loops, pod, b.address().getHostAddress(), 8080))
          .isEqualTo("b " + address);
      assertThat(taken).isEmpty();
      in.close().sync();
    } finally {
      loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
      node.removePod("with-sidecar");
    }
  }

  private static <T> T onLoop(EventLoopGroup loops, Callable<T> action) throws Exception {
    return loops.submit(action).get();
  }

  private static Channel sidecar(EventLoopGroup loops, int port, BlockingQueue<String> taken) {
    var originalDestination = new RawUnixChannelOption("SO_ORIGINAL_DST", 0, 80, 16);
    return new ServerBootstrap()
        .group(loops)
        .channel(EpollServerSocketChannel.class)
        .childHandler(
            new ChannelInitializer<EpollSocketChannel>() {
              @Override
              protected void initChannel(EpollSocketChannel ch) {
                ByteBuffer raw = ch.config().getOption(originalDestination);
                byte[] address = new byte[4];
                raw.get(4, address);
                int to = (raw.get(2) & 0xff) << 8 | (raw.get(3) & 0xff);
                taken.add(
                    port
                        + " "
                        + (address[0] & 0xff)
                        + "."
                        + (address[1] & 0xff)
                        + "."
                        + (address[2] & 0xff)
                        + "."
                        + (address[3] & 0xff)
                        + ":"
                        + to);
                var said =
                    io.netty.buffer.Unpooled.copiedBuffer(
                        "sidecar", java.nio.charset.StandardCharsets.UTF_8);
                ch.writeAndFlush(said).addListener(f -> ch.close());
              }
            })
        .bind("0.0.0.0", port)
        .channel();
  }

  private static String markedCall(EventLoopGroup loops, PodNetwork pod, String address, int port)
      throws Exception {
    BlockingQueue<String> said = new LinkedBlockingQueue<>();
    Bootstrap client =
        new Bootstrap()
            .group(loops)
            .channel(EpollSocketChannel.class)
            .option(new IntegerUnixChannelOption("SO_MARK", 1, 36), Interception.PROXY_MARK)
            .handler(
                new ChannelInboundHandlerAdapter() {
                  @Override
                  public void channelRead(ChannelHandlerContext ctx, Object msg) {
                    var bytes = (io.netty.buffer.ByteBuf) msg;
                    said.add(bytes.toString(java.nio.charset.StandardCharsets.UTF_8));
                    bytes.release();
                  }
                });
    onLoop(loops, () -> pod.within(() -> client.connect(address, port)));
    return said.poll(10, TimeUnit.SECONDS);
  }

  private static ServiceForward forward(String address, int port, InetSocketAddress... endpoints) {
    return new ServiceForward(Cidr.ipv4(address), port, Protocol.TCP, List.of(endpoints));
  }

  private static InetSocketAddress at(PodNetwork pod, int port) {
    return new InetSocketAddress(pod.address(), port);
  }
}
