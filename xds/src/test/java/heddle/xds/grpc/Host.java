package heddle.xds.grpc;

import io.grpc.InsecureServerCredentials;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.Marshaller;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A gRPC server with one method, which answers with the host's name. */
final class Host implements AutoCloseable {
  private static final Marshaller<String> TEXT =
      new Marshaller<>() {
        @Override
        public InputStream stream(String value) {
          return new ByteArrayInputStream(value.getBytes(StandardCharsets.UTF_8));
        }

        @Override
        public String parse(InputStream stream) {
          try {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        }
      };

  static final MethodDescriptor<String, String> NAME =
      MethodDescriptor.<String, String>newBuilder()
          .setType(MethodType.UNARY)
          .setFullMethodName("heddle.test.Host/Name")
          .setRequestMarshaller(TEXT)
          .setResponseMarshaller(TEXT)
          .build();

  final String name;
  final AtomicInteger calls = new AtomicInteger();
  private volatile Behaviour behaviour = Behaviour.answering();
  private final Server server;

  /** What a host does with a call. */
  interface Behaviour {
    /**
     * @param call how many calls the host has had, this one included
     */
    void answer(int call, Runnable ok, StreamObserver<String> observer);

    static Behaviour answering() {
      return (call, ok, observer) -> ok.run();
    }

    static Behaviour failing() {
      return (call, ok, observer) ->
          observer.onError(Status.UNAVAILABLE.withDescription("sick").asRuntimeException());
    }
  }

  Host(String name) throws IOException {
    this.name = name;
    this.server =
        NettyServerBuilder.forAddress(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                InsecureServerCredentials.create())
            .addService(
                ServerServiceDefinition.builder("heddle.test.Host")
                    .addMethod(NAME, ServerCalls.asyncUnaryCall(this::take))
                    .build())
            .build()
            .start();
  }

  private void take(String request, StreamObserver<String> observer) {
    Runnable ok =
        () -> {
          observer.onNext(name);
          observer.onCompleted();
        };
    behaviour.answer(calls.incrementAndGet(), ok, observer);
  }

  void behave(Behaviour now) {
    behaviour = now;
  }

  int port() {
    return server.getPort();
  }

  /** Lets calls end, then stops. */
  void stop() throws InterruptedException {
    server.shutdown();
    server.awaitTermination(20, TimeUnit.SECONDS);
  }

  @Override
  public void close() {
    server.shutdownNow();
  }
}
