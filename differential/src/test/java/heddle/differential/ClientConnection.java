package heddle.differential;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** One connection of the client: sends exactly the bytes it is told, reads responses in order. */
final class ClientConnection implements AutoCloseable {
  private final String name;
  private final Socket socket;
  private final Feed feed;
  private final BlockingQueue<Exchange> expected = new LinkedBlockingQueue<>();
  private final List<Exchange> exchanges = new ArrayList<>();
  private final Thread parser;
  private volatile boolean left;

  ClientConnection(String name, InetSocketAddress to) throws IOException {
    this.name = name;
    socket = new Socket(to.getAddress(), to.getPort());
    socket.setTcpNoDelay(true);
    feed = new Feed(socket);
    parser = Thread.ofVirtual().start(this::readAll);
  }

  private void readAll() {
    try {
      while (true) {
        read(expected.take());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void read(Exchange exchange) {
    try {
      Message response = exchange.response();
      while (response.readHead(feed)) {
        int status = Integer.parseInt(response.word(1));
        if (status < 200 && status != 101) {
          exchange.interim().add(status);
          continue;
        }
        exchange.arrived(status);
        response.readBody(feed, response.responseFraming(status, exchange.method()));
        return;
      }
    } catch (IOException | NumberFormatException e) {
      exchange.response().endWithoutBody();
    } finally {
      exchange.finish();
    }
  }

  /** Sends a request and expects these responses to come. */
  synchronized void send(byte[] bytes, List<Exchange> answers) throws IOException {
    exchanges.addAll(answers);
    expected.addAll(answers);
    send(bytes);
  }

  /** Sends bytes; that the other side has closed already is seen from what comes back. */
  void send(byte[] bytes) throws IOException {
    try {
      socket.getOutputStream().write(bytes);
      socket.getOutputStream().flush();
    } catch (IOException e) {
      if (socket.isClosed()) {
        throw e;
      }
    }
  }

  /** Closes it in the middle of the scenario. */
  void leave() throws IOException {
    left = true;
    socket.close();
  }

  /** Whether the client itself has ended it. */
  boolean left() {
    return left;
  }

  void shut() throws IOException {
    socket.shutdownOutput();
  }

  void reset() throws IOException {
    left = true;
    socket.setSoLinger(true, 0);
    socket.close();
  }

  String name() {
    return name;
  }

  int localPort() {
    return socket.getLocalPort();
  }

  Feed.End end() {
    return feed.end();
  }

  synchronized List<Exchange> exchanges() {
    return List.copyOf(exchanges);
  }

  /** What came beyond the responses that were expected. */
  String surplus() {
    return new String(feed.unread(), StandardCharsets.ISO_8859_1);
  }

  @Override
  public void close() throws IOException {
    socket.close();
    parser.interrupt();
  }
}
