package heddle.cluster.node.probe.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCalls;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Against a server of grpc-java. */
class GrpcHealthCheckTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  /** A health service that knows {@code well}, {@code ill} and the server as a whole. */
  private static final MethodDescriptor<String, Integer> CHECK =
      MethodDescriptor.<String, Integer>newBuilder()
          .setType(MethodDescriptor.MethodType.UNARY)
          .setFullMethodName("grpc.health.v1.Health/Check")
          .setRequestMarshaller(new Asked())
          .setResponseMarshaller(new Told())
          .build();

  private final CountDownLatch release = new CountDownLatch(1);
  private Server server;

  @BeforeEach
  void start() throws IOException {
    server =
        serve(
            ServerServiceDefinition.builder("grpc.health.v1.Health")
                .addMethod(
                    CHECK,
                    ServerCalls.asyncUnaryCall(
                        (asked, answer) -> {
                          switch (asked) {
                            case "", "well" -> answer.onNext(1);
                            case "ill" -> answer.onNext(2);
                            case "slow" -> await(release);
                            default -> {
                              answer.onError(
                                  Status.NOT_FOUND
                                      .withDescription("unknown service")
                                      .asRuntimeException(new Metadata()));
                              return;
                            }
                          }
                          answer.onCompleted();
                        }))
                .build());
  }

  @AfterEach
  void stop() {
    release.countDown();
    server.shutdownNow();
  }

  @Test
  void succeedsWhenTheServerOrTheServiceServes() throws IOException {
    assertThat(probe("", PATIENCE)).isEmpty();
    assertThat(probe("well", PATIENCE)).isEmpty();
  }

  @Test
  void failsWithTheServersOwnWordWhenItDoesNotServe() throws IOException {
    assertThat(probe("ill", PATIENCE).orElseThrow())
        .isEqualTo("service unhealthy (responded with \"NOT_SERVING\")");
    assertThat(probe("nobody", PATIENCE).orElseThrow())
        .isEqualTo(
            "error: health rpc probe failed: grpc status 5, http status 200: unknown service");
  }

  @Test
  void saysThatAServerHasNoHealthService() throws IOException {
    server.shutdownNow();
    server = serve(ServerServiceDefinition.builder("other").build());

    assertThat(probe("", PATIENCE).orElseThrow())
        .startsWith("error: this server does not implement the grpc health protocol");
  }

  @Test
  void doesNotWaitForEver() {
    assertThatThrownBy(() -> probe("slow", Duration.ofMillis(200)))
        .isInstanceOf(SocketTimeoutException.class);
  }

  @Test
  void saysThatAServerSpeaksNoHttp2() throws Exception {
    try (ServerSocket old = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Thread.ofVirtual()
          .start(
              () -> {
                try (var connection = old.accept()) {
                  connection
                      .getOutputStream()
                      .write(
                          "HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                  connection.getInputStream().readAllBytes();
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              });
      assertThatThrownBy(() -> probe(old.getLocalPort(), "", PATIENCE))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("SETTINGS");
    }
  }

  @Test
  void failsWhenTheServerHangsUp() throws Exception {
    try (ServerSocket rude = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Thread.ofVirtual()
          .start(
              () -> {
                try {
                  rude.accept().close();
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              });
      assertThatThrownBy(() -> probe(rude.getLocalPort(), "", PATIENCE))
          .isInstanceOf(IOException.class);
    }
  }

  private Optional<String> probe(String service, Duration timeout) throws IOException {
    return probe(server.getPort(), service, timeout);
  }

  private static Optional<String> probe(int port, String service, Duration timeout)
      throws IOException {
    InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    try (SocketChannel channel = SocketChannel.open(address)) {
      return new GrpcHealthCheck(port, service, timeout).ask(channel);
    }
  }

  private static Server serve(ServerServiceDefinition service) throws IOException {
    return NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
        .addService(service)
        .build()
        .start();
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** HealthCheckRequest: field 1 is the service's name. */
  private static final class Asked implements MethodDescriptor.Marshaller<String> {
    @Override
    public InputStream stream(String value) {
      throw new UnsupportedOperationException("only servers use it");
    }

    @Override
    public String parse(InputStream stream) {
      try {
        byte[] bytes = stream.readAllBytes();
        return bytes.length == 0
            ? ""
            : new String(bytes, 2, bytes.length - 2, StandardCharsets.UTF_8);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** HealthCheckResponse: field 1 is the status. */
  private static final class Told implements MethodDescriptor.Marshaller<Integer> {
    @Override
    public InputStream stream(Integer value) {
      return new ByteArrayInputStream(new byte[] {8, value.byteValue()});
    }

    @Override
    public Integer parse(InputStream stream) {
      throw new UnsupportedOperationException("only servers use it");
    }
  }
}
