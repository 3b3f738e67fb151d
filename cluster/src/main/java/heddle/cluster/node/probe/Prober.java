package heddle.cluster.node.probe;

import heddle.cluster.node.PodAccess.ExecRequest;
import heddle.cluster.node.PodAccess.Session;
import heddle.cluster.node.container.RunningContainer;
import heddle.cluster.node.probe.grpc.GrpcHealthCheck;
import heddle.network.NodeNetwork;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.UnknownHostException;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Carries out probes: from the node's address over the network, or inside the container. */
public final class Prober {
  private static final int LONGEST_OUTPUT = 10 * 1024;
  private static final long LAST_WORDS_MILLIS = 1000;

  private final NodeNetwork network;

  public Prober(NodeNetwork network) {
    this.network = network;
  }

  /**
   * Acts once.
   *
   * @param container in which commands run
   * @param pod the pod's address
   */
  public ProbeResult act(
      Action action, RunningContainer container, Inet4Address pod, Duration timeout)
      throws InterruptedException {
    try {
      return switch (action) {
        case Action.HttpGet get -> http(get, pod, timeout);
        case Action.TcpSocket socket -> tcp(socket, pod, timeout);
        case Action.Grpc grpc -> grpc(grpc, pod, timeout);
        case Action.Exec exec -> exec(exec, container, timeout);
        case Action.Sleep sleep -> sleep(sleep, container);
      };
    } catch (ConnectException e) {
      return ProbeResult.refused(describe(action, pod) + ": connect: connection refused");
    } catch (SocketTimeoutException e) {
      return ProbeResult.failure(
          describe(action, pod)
              + ": context deadline exceeded (timeout of "
              + timeout.toSeconds()
              + "s)");
    } catch (IOException e) {
      return ProbeResult.failure(describe(action, pod) + ": " + e.getMessage());
    } catch (RuntimeException e) {
      // An answer that makes no sense, such as a malformed redirect, must not end the probing.
      return ProbeResult.failure(describe(action, pod) + ": " + e);
    }
  }

  private ProbeResult http(Action.HttpGet get, Inet4Address pod, Duration timeout)
      throws IOException, InterruptedException {
    return new HttpProbe(get, timeout).run(() -> connect(get.host(), get.port(), pod, timeout));
  }

  private ProbeResult grpc(Action.Grpc grpc, Inet4Address pod, Duration timeout)
      throws IOException {
    try (SocketChannel channel = connect("", grpc.port(), pod, timeout)) {
      return new GrpcHealthCheck(grpc.port(), grpc.service(), timeout)
          .ask(channel)
          .map(ProbeResult::failure)
          .orElse(ProbeResult.SUCCESS);
    }
  }

  private ProbeResult tcp(Action.TcpSocket socket, Inet4Address pod, Duration timeout)
      throws IOException {
    connect(socket.host(), socket.port(), pod, timeout).close();
    return ProbeResult.SUCCESS;
  }

  /** A connection from the node's own address, which no sidecar redirects. */
  private SocketChannel connect(String host, int port, Inet4Address pod, Duration timeout)
      throws IOException {
    InetAddress target = host.isEmpty() ? pod : numeric(host);
    SocketChannel channel = open();
    try {
      channel.bind(new InetSocketAddress(network.nodeAddress(), 0));
      channel
          .socket()
          .connect(new InetSocketAddress(target, port), Math.toIntExact(timeout.toMillis()));
      return channel;
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  private SocketChannel open() throws IOException {
    try {
      return network.inNode(() -> SocketChannel.open(StandardProtocolFamily.INET));
    } catch (IOException | RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IOException("cannot open a socket in the node's namespace", e);
    }
  }

  private static InetAddress numeric(String host) throws UnknownHostException {
    if (!host.matches("[0-9.]+")) {
      throw new UnknownHostException(
          host + " (expected: an IPv4 address; leave host out to probe the pod)");
    }
    return InetAddress.getByName(host);
  }

  private static ProbeResult exec(Action.Exec exec, RunningContainer container, Duration timeout)
      throws IOException, InterruptedException {
    ExecRequest request = new ExecRequest(exec.command(), false, true, true, false);
    try (Session session = container.exec(request)) {
      CompletableFuture<String> output = read(session.stdout());
      CompletableFuture<String> errors = read(session.stderr());
      int code =
          session.exit().toCompletableFuture().get(timeout.toMillis(), TimeUnit.MILLISECONDS);
      return code == 0
          ? ProbeResult.SUCCESS
          : ProbeResult.failure((said(output) + said(errors)).strip());
    } catch (TimeoutException e) {
      return ProbeResult.failure(
          "command timed out: \""
              + String.join(" ", exec.command())
              + "\" timed out after "
              + timeout.toSeconds()
              + "s");
    } catch (ExecutionException e) {
      throw new IOException("command failed: " + e.getCause(), e);
    }
  }

  /** What a command that has ended said; a child that it left behind may hold its output open. */
  private static String said(CompletableFuture<String> output)
      throws InterruptedException, ExecutionException {
    return output.completeOnTimeout("", LAST_WORDS_MILLIS, TimeUnit.MILLISECONDS).get();
  }

  /** Keeps the start and takes the rest, so that nobody who says much dies of a closed pipe. */
  private static CompletableFuture<String> read(InputStream stream) {
    CompletableFuture<String> text = new CompletableFuture<>();
    Thread.ofVirtual()
        .name("probe-output")
        .start(
            () -> {
              try (stream) {
                byte[] bytes = stream.readNBytes(LONGEST_OUTPUT);
                text.complete(new String(bytes, StandardCharsets.UTF_8));
                stream.transferTo(OutputStream.nullOutputStream());
              } catch (IOException e) {
                text.complete("");
              }
            });
    return text;
  }

  /** Sleeps unless the container ends before. */
  private static ProbeResult sleep(Action.Sleep sleep, RunningContainer container)
      throws IOException, InterruptedException {
    try {
      container
          .exit()
          .toCompletableFuture()
          .get(sleep.duration().toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException rested) {
      return ProbeResult.SUCCESS;
    } catch (ExecutionException e) {
      throw new IOException(e.getCause());
    }
    return ProbeResult.SUCCESS;
  }

  private static String describe(Action action, Inet4Address pod) {
    return switch (action) {
      case Action.HttpGet get ->
          "Get \""
              + HttpProbe.url(get, pod.getHostAddress())
              + "\": dial tcp "
              + address(get.host(), pod)
              + ":"
              + get.port();
      case Action.TcpSocket socket ->
          "dial tcp " + address(socket.host(), pod) + ":" + socket.port();
      case Action.Grpc grpc -> "dial tcp " + pod.getHostAddress() + ":" + grpc.port();
      case Action.Exec exec -> "exec " + exec.command();
      case Action.Sleep sleep -> "sleep " + sleep.duration().toSeconds();
    };
  }

  private static String address(String host, Inet4Address pod) {
    return host.isEmpty() ? pod.getHostAddress() : host;
  }
}
