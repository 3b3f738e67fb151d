package heddle.cluster.stream;

import heddle.cluster.object.ApiException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * The older port-forward in a WebSocket, as fabric8 uses it: one connection per port, data on
 * channel 2i and errors on 2i+1, each announced by its port as two bytes, low byte first.
 */
final class WebSocketPortForward implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(WebSocketPortForward.class.getName());

  private final WebSocketChannels channels;
  private final PortForward.Dialer dialer;
  private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();

  WebSocketPortForward(WebSocketChannels channels, PortForward.Dialer dialer) {
    this.channels = channels;
    this.dialer = dialer;
  }

  /** Serves until the client closes or all connections have ended. */
  void run(List<Integer> ports) throws IOException {
    var inputs = new ArrayList<InputStream>();
    for (int i = 0; i < ports.size(); i++) {
      inputs.add(channels.input(2 * i));
    }
    var forwards = new ArrayList<Future<?>>();
    for (int i = 0; i < ports.size(); i++) {
      int port = ports.get(i);
      byte[] announcement = {(byte) port, (byte) (port >> 8)};
      OutputStream data = channels.output(2 * i);
      OutputStream error = channels.output(2 * i + 1);
      data.write(announcement);
      error.write(announcement);
      InputStream input = inputs.get(i);
      forwards.add(executor.submit(() -> forward(port, input, data, error)));
    }
    executor.submit(
        () -> {
          for (Future<?> forward : forwards) {
            await(forward);
          }
          channels.close();
          return null;
        });
    channels.run();
  }

  private void forward(int port, InputStream in, OutputStream out, OutputStream error) {
    try (SocketChannel socket = dialer.connect(port)) {
      PortForward.join(in, out, socket, executor);
    } catch (IOException | ApiException e) {
      String text = "error forwarding port " + port + ": " + e.getMessage();
      try {
        error.write(text.getBytes(StandardCharsets.UTF_8));
      } catch (IOException broken) {
        LOG.log(System.Logger.Level.DEBUG, "a forwarded connection broke", broken);
      }
    }
  }

  private static void await(Future<?> forward) throws InterruptedException {
    try {
      forward.get();
    } catch (ExecutionException e) {
      LOG.log(System.Logger.Level.DEBUG, "a forwarded connection failed", e);
    }
  }

  @Override
  public void close() {
    executor.shutdownNow();
    executor.close();
  }
}
