package heddle.load;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A server on this machine: {@code /get} answers seven bytes; {@code /fifth} fails each fifth
 * request with 500; {@code /held} answers after {@link #release()}.
 */
public final class TestServer implements AutoCloseable {
  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final CountDownLatch released = new CountDownLatch(1);
  private final AtomicInteger requests = new AtomicInteger();
  private final Set<InetSocketAddress> clients = ConcurrentHashMap.newKeySet();
  private final Queue<String> seen = new ConcurrentLinkedQueue<>();

  public TestServer() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1024);
    server.setExecutor(threads);
    server.createContext("/", this::answer);
    server.start();
  }

  public String url(String path) {
    return "http://127.0.0.1:" + server.getAddress().getPort() + path;
  }

  public int requests() {
    return requests.get();
  }

  /** How many connections requests came on. */
  int connections() {
    return clients.size();
  }

  /** Method, path and body of each request. */
  Queue<String> seen() {
    return seen;
  }

  void release() {
    released.countDown();
  }

  @Override
  public void close() {
    released.countDown();
    server.stop(0);
    threads.close();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      int number = requests.incrementAndGet();
      clients.add(exchange.getRemoteAddress());
      String path = exchange.getRequestURI().getPath();
      String body = new String(exchange.getRequestBody().readAllBytes());
      seen.add(exchange.getRequestMethod() + " " + path + " " + body);
      if (path.equals("/held")) {
        await();
      }
      boolean fails = path.equals("/fifth") && number % 5 == 0;
      byte[] answer = (fails ? "no colors 4 u\n" : "purple\n").getBytes();
      exchange.sendResponseHeaders(fails ? 500 : 200, answer.length);
      exchange.getResponseBody().write(answer);
    }
  }

  private void await() throws IOException {
    try {
      released.await();
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }
}
