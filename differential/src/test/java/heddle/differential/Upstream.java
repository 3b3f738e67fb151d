package heddle.differential;

import heddle.differential.UpstreamScript.Act;
import heddle.differential.UpstreamScript.Answer;
import heddle.differential.UpstreamScript.ConnectionScript;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A server on a port of its own that follows its script. */
final class Upstream implements AutoCloseable {
  private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

  private final String name;
  private final UpstreamScript script;
  private final Gates gates;
  private final AtomicInteger numbers;
  private final int port;
  private volatile @Nullable ServerSocket server;
  private final AtomicInteger connections = new AtomicInteger();
  private final Map<String, Integer> answered = new HashMap<>();
  private final List<Received> received = new CopyOnWriteArrayList<>();
  private final List<Message> checks = new CopyOnWriteArrayList<>();
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final List<Socket> plugs = new ArrayList<>();
  private final List<String> troubles = new CopyOnWriteArrayList<>();

  Upstream(String name, UpstreamScript script, Gates gates, AtomicInteger numbers)
      throws IOException {
    this.name = name;
    this.script = script;
    this.gates = gates;
    this.numbers = numbers;
    ServerSocket first = new ServerSocket(0, script.blackhole() ? 1 : 256, LOOPBACK);
    port = first.getLocalPort();
    server = first;
    if (script.blackhole()) {
      plug();
    } else {
      Thread.ofVirtual().start(() -> acceptAll(first));
    }
  }

  /** Fills the backlog: Linux then leaves every other connection attempt without an answer. */
  private void plug() throws IOException {
    for (int i = 0; i < 4; i++) {
      Socket plug = new Socket();
      plugs.add(plug);
      try {
        plug.connect(new InetSocketAddress(LOOPBACK, port), 200);
      } catch (java.net.SocketTimeoutException full) {
        return;
      }
    }
  }

  void start() throws IOException {
    ServerSocket again = new ServerSocket();
    again.setReuseAddress(true);
    again.bind(new InetSocketAddress(LOOPBACK, port), 256);
    server = again;
    Thread.ofVirtual().start(() -> acceptAll(again));
  }

  /** Refuses new connections from now on. */
  void stop() throws IOException {
    ServerSocket listening = server;
    if (listening != null) {
      listening.close();
    }
    server = null;
  }

  private void acceptAll(ServerSocket listening) {
    while (!listening.isClosed()) {
      try {
        Socket socket = listening.accept();
        socket.setTcpNoDelay(true);
        open.add(socket);
        int number = connections.incrementAndGet();
        Thread.ofVirtual().start(() -> serve(socket, number));
      } catch (IOException closed) {
        return;
      }
    }
  }

  private void serve(Socket socket, int number) {
    ConnectionScript own =
        number <= script.connections().size()
            ? script.connections().get(number - 1)
            : new ConnectionScript(List.of(), List.of());
    Map<String, Integer> ownAnswered = new HashMap<>();
    try (socket) {
      if (!own.onAccept().isEmpty() && !(own.onAccept().getFirst() instanceof Act.Stall)) {
        if (!play(own.onAccept(), socket, null, null)) {
          return;
        }
      }
      Feed feed = new Feed(socket);
      if (!own.onAccept().isEmpty() && own.onAccept().getFirst() instanceof Act.Stall) {
        feed.transferTo(java.io.OutputStream.nullOutputStream());
        return;
      }
      boolean goesOn = true;
      while (goesOn) {
        Message message = new Message();
        if (!message.readHead(feed)) {
          return;
        }
        Answer answer;
        synchronized (this) {
          if (message.header("user-agent", "").equals("Envoy/HC")) {
            checks.add(message);
          } else {
            received.add(new Received(name, numbers.incrementAndGet(), number, message));
          }
          answer =
              own.answers().isEmpty()
                  ? next(script.answers(), answered, message.word(1))
                  : next(own.answers(), ownAnswered, message.word(1));
        }
        if (message.requestFraming() == Message.Framing.NONE) {
          message.endWithoutBody();
        }
        goesOn = play(answer.acts(), socket, feed, message);
      }
    } catch (IOException gone) {
      // the peer, a step or close() ended the connection: what arrived is what counts
    } catch (InterruptedException | RuntimeException e) {
      troubles.add(name + ": " + e);
    } finally {
      open.remove(socket);
    }
  }

  /** The answer whose turn it is: sequences of paths count by themselves. */
  private static Answer next(List<Answer> answers, Map<String, Integer> used, String path) {
    List<Answer> own = answers.stream().filter(answer -> answer.path().equals(path)).toList();
    String key = own.isEmpty() ? "" : path;
    List<Answer> sequence =
        own.isEmpty() ? answers.stream().filter(a -> a.path().isEmpty()).toList() : own;
    int turn = used.merge(key, 1, Integer::sum);
    for (Answer answer : sequence) {
      turn -= answer.times();
      if (turn <= 0) {
        return answer;
      }
    }
    return sequence.getLast();
  }

  private boolean play(
      List<Act> acts, Socket socket, @Nullable Feed feed, @Nullable Message message)
      throws IOException, InterruptedException {
    for (Act act : acts) {
      switch (act) {
        case Act.Send(String bytes) -> {
          socket.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
          socket.getOutputStream().flush();
        }
        case Act.ReadBody() -> {
          if (message != null && feed != null && message.framing() == Message.Framing.NONE) {
            message.readBody(feed, message.requestFraming());
          }
        }
        case Act.Hold(String gate) -> gates.await(gate);
        case Act.Pause(var time) -> Thread.sleep(time);
        case Act.Close() -> {
          return false;
        }
        case Act.Reset() -> {
          socket.setSoLinger(true, 0);
          return false;
        }
        case Act.Stall() -> {
          if (feed != null) {
            feed.transferTo(java.io.OutputStream.nullOutputStream());
          }
          return false;
        }
      }
    }
    return true;
  }

  /** Ends the connections that are open, with FIN or RST. */
  void drop(boolean reset) throws IOException {
    for (Socket socket : open) {
      if (reset) {
        socket.setSoLinger(true, 0);
      }
      socket.close();
    }
  }

  String name() {
    return name;
  }

  int port() {
    return port;
  }

  int connections() {
    return connections.get();
  }

  int openConnections() {
    return open.size();
  }

  List<Received> received() {
    return List.copyOf(received);
  }

  /** The health checks, which are no requests of anybody. */
  List<Message> checks() {
    return List.copyOf(checks);
  }

  /** What went wrong in the script itself. */
  List<String> troubles() {
    return List.copyOf(troubles);
  }

  @Override
  public void close() throws IOException {
    stop();
    drop(false);
    for (Socket plug : plugs) {
      plug.close();
    }
  }
}
