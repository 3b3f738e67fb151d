package heddle.cluster.stream;

import heddle.cluster.object.ApiException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Forwards connections into a pod over SPDY: for each, the client opens an error and a data stream
 * with the same request id; the data stream is the connection, the error stream says why there is
 * none.
 */
final class PortForward implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(PortForward.class.getName());

  private final Dialer dialer;
  private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
  private final Map<String, Map<String, SpdyStream>> pairs = new HashMap<>();

  /** Connects to a port inside the pod. */
  interface Dialer {
    SocketChannel connect(int port) throws IOException;
  }

  PortForward(Dialer dialer) {
    this.dialer = dialer;
  }

  /** Serves one SPDY connection until the client ends it. */
  void run(InputStream in, OutputStream out) throws IOException {
    var connection = new SpdyConnection[1];
    connection[0] = new SpdyConnection(in, out, stream -> opened(connection[0], stream));
    connection[0].run();
  }

  private void opened(SpdyConnection connection, SpdyStream stream) {
    String id = stream.header("requestid");
    Map<String, SpdyStream> pair = pairs.computeIfAbsent(id, key -> new HashMap<>());
    pair.put(stream.header("streamtype"), stream);
    SpdyStream error = pair.get("error");
    SpdyStream data = pair.get("data");
    if (error != null && data != null) {
      pairs.remove(id);
      executor.submit(
          () -> {
            forward(error, data);
            connection.forget(error);
            connection.forget(data);
          });
    }
  }

  private void forward(SpdyStream error, SpdyStream data) {
    try (OutputStream problem = error.output();
        OutputStream answers = data.output()) {
      String port = data.header("port");
      try (SocketChannel socket = dialer.connect(number(port))) {
        join(data.input(), answers, socket, executor);
      } catch (IOException | ApiException e) {
        problem.write(
            ("error forwarding port " + port + ": " + message(e)).getBytes(StandardCharsets.UTF_8));
      }
    } catch (IOException e) {
      LOG.log(System.Logger.Level.DEBUG, "a forwarded connection broke", e);
    } finally {
      data.abandon();
      error.abandon();
    }
  }

  private static String message(Exception e) {
    return e.getMessage() == null ? e.toString() : e.getMessage();
  }

  private static int number(String port) throws IOException {
    try {
      int number = Integer.parseInt(port);
      if (number > 0 && number < 65536) {
        return number;
      }
    } catch (NumberFormatException e) {
      throw new IOException("\"" + port + "\" is not a port", e);
    }
    throw new IOException("port " + port + " (expected: 1 to 65535)");
  }

  /** Copies both ways until the pod has said all; the client may finish its half before. */
  static void join(InputStream in, OutputStream out, SocketChannel socket, ExecutorService executor)
      throws IOException {
    Future<?> requests =
        executor.submit(
            () -> {
              byte[] buffer = new byte[32 * 1024];
              for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                ByteBuffer bytes = ByteBuffer.wrap(buffer, 0, count);
                while (bytes.hasRemaining()) {
                  socket.write(bytes);
                }
              }
              socket.shutdownOutput();
              return null;
            });
    ByteBuffer buffer = ByteBuffer.allocate(32 * 1024);
    try {
      while (socket.read(buffer) >= 0) {
        out.write(buffer.array(), 0, buffer.position());
        out.flush();
        buffer.clear();
      }
      out.close();
    } finally {
      in.close();
      socket.close();
      await(requests);
    }
  }

  private static void await(Future<?> requests) {
    try {
      requests.get();
    } catch (ExecutionException e) {
      LOG.log(System.Logger.Level.TRACE, "a pod closed before its client", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    executor.shutdownNow();
    executor.close();
  }
}
