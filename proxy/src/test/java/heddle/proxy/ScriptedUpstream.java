package heddle.proxy;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** A real HTTP/1.1 server on a free port; a script answers each request. */
final class ScriptedUpstream implements AutoCloseable {

  /** One request as it arrived. */
  record Request(
      int number, int onConnection, String line, Map<String, String> headers, byte[] body) {
    String header(String name) {
      return headers.get(name);
    }

    String path() {
      return line.split(" ")[1];
    }
  }

  /** Answers a request by writing to the connection; false closes it afterwards. */
  interface Script {
    boolean answer(Request request, OutputStream out) throws Exception;
  }

  private final ServerSocket server;
  private final Script script;
  private final boolean readsBodies;
  private final AtomicInteger connections = new AtomicInteger();
  private final List<Request> requests = new CopyOnWriteArrayList<>();
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();

  ScriptedUpstream(Script script) throws IOException {
    this(script, true);
  }

  /**
   * @param readsBodies false: answers when it has the head, whatever follows
   */
  ScriptedUpstream(Script script, boolean readsBodies) throws IOException {
    this(InetAddress.getByName("127.0.0.1"), script, readsBodies);
  }

  private ScriptedUpstream(InetAddress address, Script script, boolean readsBodies)
      throws IOException {
    this.script = script;
    this.readsBodies = readsBodies;
    this.server = new ServerSocket(0, 256, address);
    Thread.ofVirtual().start(this::acceptAll);
  }

  /** Always the same answer. */
  static ScriptedUpstream answering(int status, String body) throws IOException {
    return new ScriptedUpstream(always(status, body));
  }

  /** Always the same answer, on all of 127.0.0.0/8. */
  static ScriptedUpstream onEveryAddress(int status, String body) throws IOException {
    return new ScriptedUpstream(InetAddress.getByName("0.0.0.0"), always(status, body), true);
  }

  private static Script always(int status, String body) {
    return (request, out) -> {
      respond(out, status, body);
      return true;
    };
  }

  static void respond(OutputStream out, int status, String body) throws IOException {
    send(out, "HTTP/1.1 " + status + " X\r\ncontent-length: " + body.length() + "\r\n\r\n" + body);
  }

  static void send(OutputStream out, String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.ISO_8859_1));
    out.flush();
  }

  private void acceptAll() {
    while (!server.isClosed()) {
      try {
        Socket socket = server.accept();
        open.add(socket);
        connections.incrementAndGet();
        Thread.ofVirtual().start(() -> serve(socket));
      } catch (IOException closed) {
        return;
      }
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      var in = new BufferedInputStream(socket.getInputStream());
      for (int n = 1; ; n++) {
        Request request = read(in, n);
        if (request == null) {
          return;
        }
        requests.add(request);
        if (!script.answer(request, socket.getOutputStream())) {
          return;
        }
      }
    } catch (Exception closed) {
      // the peer or close() ended the connection
    } finally {
      open.remove(socket);
    }
  }

  private Request read(InputStream in, int onConnection) throws IOException {
    String line = line(in);
    if (line == null) {
      return null;
    }
    var headers = new TreeMap<String, String>();
    for (String header = line(in); header != null && !header.isEmpty(); header = line(in)) {
      int colon = header.indexOf(':');
      headers.merge(
          header.substring(0, colon).toLowerCase(Locale.ROOT),
          header.substring(colon + 1).strip(),
          (a, b) -> a + "," + b);
    }
    byte[] body = readsBodies ? body(in, headers) : new byte[0];
    return new Request(requests.size() + 1, onConnection, line, headers, body);
  }

  private static byte[] body(InputStream in, Map<String, String> headers) throws IOException {
    if (headers.containsKey("content-length")) {
      return in.readNBytes(Integer.parseInt(headers.get("content-length")));
    }
    if ("chunked".equals(headers.get("transfer-encoding"))) {
      var all = new ByteArrayOutputStream();
      for (int size = Integer.parseInt(line(in), 16);
          size > 0;
          size = Integer.parseInt(line(in), 16)) {
        all.write(in.readNBytes(size));
        line(in);
      }
      line(in);
      return all.toByteArray();
    }
    return new byte[0];
  }

  private static String line(InputStream in) throws IOException {
    var line = new ByteArrayOutputStream();
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0) {
        return null;
      }
      if (b != '\r') {
        line.write(b);
      }
    }
    return line.toString(StandardCharsets.ISO_8859_1);
  }

  int port() {
    return server.getLocalPort();
  }

  int connections() {
    return connections.get();
  }

  List<Request> requests() {
    return requests;
  }

  /** Closes every connection that is open, not the server. */
  void closeConnections() throws IOException {
    for (Socket socket : open) {
      socket.close();
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
    closeConnections();
  }
}
