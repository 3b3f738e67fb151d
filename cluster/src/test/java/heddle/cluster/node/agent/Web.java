package heddle.cluster.node.agent;

import heddle.cluster.node.InProcessProgram;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Answers every request on port 8080 of its pod with 200, or with the status in STATUS. */
final class Web implements InProcessProgram {

  @Override
  public Running start(Context context) throws Exception {
    ServerSocketChannel server =
        context.network().within(() -> ServerSocketChannel.open(StandardProtocolFamily.INET));
    server.bind(new InetSocketAddress(8080));
    context.log().accept("listening");
    String status = context.environment().getOrDefault("STATUS", "200");
    CompletableFuture<Integer> exit = new CompletableFuture<>();
    Thread.ofVirtual().start(() -> serve(server, status, exit));
    return new Running() {
      @Override
      public void terminate(Duration grace) {
        context.log().accept("terminating");
        stop(server);
      }

      @Override
      public void kill() {
        stop(server);
      }

      @Override
      public CompletionStage<Integer> exit() {
        return exit;
      }
    };
  }

  private static void stop(ServerSocketChannel server) {
    try {
      server.close();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static void serve(
      ServerSocketChannel server, String status, CompletableFuture<Integer> exit) {
    byte[] answer =
        ("HTTP/1.1 " + status + " X\r\ncontent-length: 3\r\nconnection: close\r\n\r\nhi\n")
            .getBytes(StandardCharsets.US_ASCII);
    try {
      while (true) {
        try (SocketChannel client = server.accept()) {
          client.read(ByteBuffer.allocate(4096));
          client.write(ByteBuffer.wrap(answer));
        }
      }
    } catch (AsynchronousCloseException stopped) {
      exit.complete(0);
    } catch (IOException e) {
      exit.complete(1);
    }
  }
}
