package heddle.workload;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.time.Clock;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;

/**
 * An HTTP/1.1 server that answers paths with plain text. {@link #stop()} refuses new connections at
 * once and returns when every open request has been answered, however long that takes. (The JDK's
 * own server can wait for ever in its stop after a client has gone away.)
 */
final class TextServer {

  /** Answers one path; {@code method} is the request's. */
  interface Route {
    Reply answer(String method) throws InterruptedException;
  }

  private static final int BACKLOG = 2048;

  private final ServerSocket listener;
  private final ExecutorService threads;
  private final Map<String, Route> routes;
  private final boolean keepAlive;
  private final Clock clock;
  private final Set<Connection> connections = ConcurrentHashMap.newKeySet();
  private final Thread acceptor;
  private volatile boolean stopping;

  /**
   * @param threads run the connections, one each; shut down by {@link #stop()}
   * @param routes exact path → answer; any other path is 404
   * @param keepAlive whether a connection outlives its first request
   */
  TextServer(
      InetSocketAddress address,
      ExecutorService threads,
      Map<String, Route> routes,
      boolean keepAlive,
      Clock clock)
      throws IOException {
    this.threads = threads;
    this.routes = Map.copyOf(routes);
    this.keepAlive = keepAlive;
    this.clock = clock;
    listener = new ServerSocket();
    listener.setReuseAddress(true);
    listener.bind(address, BACKLOG);
    acceptor = Thread.ofPlatform().name("accept").start(this::accept);
  }

  /** Makes SIGTERM a graceful end: the process exits with 0 once no request is open. */
  void stopWithProcess() {
    Runnable end =
        () -> {
          stop();
          // Without it the JVM reports the signal (143) although it stopped in good order.
          Runtime.getRuntime().halt(0);
        };
    Runtime.getRuntime().addShutdownHook(new Thread(end, "stop"));
  }

  int port() {
    return listener.getLocalPort();
  }

  void stop() {
    stopping = true;
    try {
      listener.close();
      acceptor.join();
    } catch (IOException e) {
      throw new IllegalStateException("cannot close the listener on port " + port(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    connections.forEach(Connection::closeIfIdle);
    threads.close();
  }

  private void accept() {
    while (!stopping) {
      try {
        Socket socket = listener.accept();
        socket.setTcpNoDelay(true);
        var connection = new Connection(socket, this::answer, clock);
        connections.add(connection);
        threads.execute(() -> serve(connection));
      } catch (SocketException e) {
        if (listener.isClosed()) {
          return;
        }
        System.err.println("cannot accept a connection: " + e);
      } catch (IOException e) {
        System.err.println("cannot accept a connection: " + e);
      }
    }
  }

  private void serve(Connection connection) {
    try (connection) {
      boolean again = true;
      while (again && !stopping) {
        again = connection.serveOne(() -> keepAlive && !stopping);
      }
    } catch (IOException e) {
      // The client went away, or the server stops: nobody is left to be told.
    } finally {
      connections.remove(connection);
    }
  }

  private Reply answer(Request request) throws InterruptedException {
    var route = routes.get(request.path());
    return route == null ? Reply.of(404, "404 page not found\n") : route.answer(request.method());
  }
}
