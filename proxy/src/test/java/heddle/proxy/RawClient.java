package heddle.proxy;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** A client that sends exactly the bytes it is told, and parses what comes back. */
final class RawClient implements AutoCloseable {

  /** A response; {@code complete} is false when the connection ended within it. */
  record Response(int status, Map<String, String> headers, String body, boolean complete) {
    String header(String name) {
      return headers.get(name);
    }
  }

  private final Socket socket;
  private final BufferedInputStream in;

  RawClient(InetSocketAddress to) throws IOException {
    socket = new Socket(to.getAddress(), to.getPort());
    socket.setSoTimeout(20_000);
    in = new BufferedInputStream(socket.getInputStream());
  }

  static Response get(InetSocketAddress to, String path, String... headers) throws IOException {
    try (var client = new RawClient(to)) {
      return client.send(request("GET", path, headers)).read();
    }
  }

  static String request(String method, String path, String... headers) {
    var text = new StringBuilder(method + " " + path + " HTTP/1.1\r\n");
    boolean host = false;
    for (String header : headers) {
      text.append(header).append("\r\n");
      host |= header.toLowerCase(Locale.ROOT).startsWith("host:");
    }
    if (!host) {
      text.append("host: test\r\n");
    }
    return text.append("\r\n").toString();
  }

  RawClient send(String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    socket.getOutputStream().flush();
    return this;
  }

  Response get(String path, String... headers) throws IOException {
    return send(request("GET", path, headers)).read();
  }

  Response read() throws IOException {
    return read(false);
  }

  /** Reads one response. A HEAD's has no body. */
  Response read(boolean head) throws IOException {
    String line = line();
    if (line == null) {
      throw new IOException("the connection ended before a response");
    }
    int status = Integer.parseInt(line.split(" ")[1]);
    var headers = new LinkedHashMap<String, String>();
    for (String header = line(); header != null && !header.isEmpty(); header = line()) {
      int colon = header.indexOf(':');
      headers.merge(
          header.substring(0, colon).toLowerCase(Locale.ROOT),
          header.substring(colon + 1).strip(),
          (a, b) -> a + "," + b);
    }
    if (head || status < 200 || status == 204 || status == 304) {
      return new Response(status, headers, "", true);
    }
    if (headers.containsKey("content-length")) {
      int length = Integer.parseInt(headers.get("content-length"));
      byte[] body = in.readNBytes(length);
      return new Response(status, headers, text(body), body.length == length);
    }
    var body = new ByteArrayOutputStream();
    boolean complete = chunks(body);
    return new Response(status, headers, text(body.toByteArray()), complete);
  }

  private boolean chunks(ByteArrayOutputStream body) throws IOException {
    for (String size = line(); size != null; size = line()) {
      int length = Integer.parseInt(size, 16);
      byte[] data = in.readNBytes(length);
      body.write(data);
      if (data.length < length || line() == null) {
        return false;
      }
      if (length == 0) {
        return true;
      }
    }
    return false;
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  String line() throws IOException {
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

  /** Reads that many bytes of a body and forgets them; how many there were. */
  long skip(int bytes) throws IOException {
    byte[] piece = new byte[65536];
    long seen = 0;
    while (seen < bytes) {
      int n = in.read(piece, 0, (int) Math.min(piece.length, bytes - seen));
      if (n < 0) {
        return seen;
      }
      seen += n;
    }
    return seen;
  }

  /** The next bytes of a connection that is no longer HTTP. */
  String raw(int bytes) throws IOException {
    return text(in.readNBytes(bytes));
  }

  /** Everything up to the end of the connection. */
  String rest() throws IOException {
    return text(in.readAllBytes());
  }

  /** Whether the proxy closes the connection now (waits for it). */
  boolean closedByPeer() throws IOException {
    try {
      return in.read() < 0;
    } catch (java.net.SocketException reset) {
      return true;
    }
  }

  Socket socket() {
    return socket;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
