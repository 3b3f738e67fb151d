package heddle.cluster.dial;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The client's side of one HTTP/1.1 connection (RFC 9112) over streams that somebody else opened:
 * the JDK's client cannot be given a socket of another network namespace. One request at a time;
 * not safe for use by several threads.
 */
public final class HttpConnection implements AutoCloseable {
  private static final int HEAD_LIMIT = 64 * 1024;

  private final InputStream in;
  private final OutputStream out;
  private final Closeable socket;

  /** One header line. */
  public record Header(String name, String value) {}

  /**
   * An answer. Its body must be read to the end before the connection is used again.
   *
   * @param reusable whether the connection may carry another request after the body
   */
  public record Response(
      int status, String reason, List<Header> headers, InputStream body, boolean reusable) {
    public Response {
      headers = List.copyOf(headers);
    }

    public Optional<String> header(String name) {
      return first(headers, name);
    }
  }

  /**
   * @param socket closed by {@link #close()}
   */
  public HttpConnection(InputStream in, OutputStream out, Closeable socket) {
    this.in = in instanceof BufferedInputStream ? in : new BufferedInputStream(in, 16 * 1024);
    this.out = new BufferedOutputStream(out, 16 * 1024);
    this.socket = socket;
  }

  /** Bytes as they come after the last answer's head, for a connection that was upgraded. */
  public InputStream input() {
    return in;
  }

  /** Bytes as they go, for request bodies and upgraded connections. Flush sends. */
  public OutputStream output() {
    return out;
  }

  /** Sends the request line and headers, as given and no others, but not yet to the network. */
  public void head(String method, String target, List<Header> headers) throws IOException {
    var head = new StringBuilder();
    head.append(token(method)).append(' ').append(target(target)).append(" HTTP/1.1\r\n");
    for (Header header : headers) {
      head.append(token(header.name())).append(": ").append(line(header.value())).append("\r\n");
    }
    out.write(head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
  }

  /** The rest of a request whose head says {@code Transfer-Encoding: chunked}. Closing ends it. */
  public OutputStream chunked() {
    return new ChunkedOutput(out);
  }

  /**
   * Waits for the answer. Interim ones (1xx) are passed over, but for 101.
   *
   * @param method of the request, since HEAD's answer has no body
   * @throws EOFException when the peer closed without an answer
   */
  public Response receive(String method) throws IOException {
    while (true) {
      String statusLine = readLine(0);
      if (!statusLine.startsWith("HTTP/1.") || statusLine.length() < 12) {
        throw new IOException("malformed HTTP response \"" + printable(statusLine) + "\"");
      }
      int status = number(statusLine.substring(9, 12), 10);
      var headers = new ArrayList<Header>();
      int size = statusLine.length();
      for (String line = readLine(size); !line.isEmpty(); line = readLine(size)) {
        size += line.length() + 2;
        int colon = line.indexOf(':');
        if (colon <= 0) {
          throw new IOException("malformed HTTP header \"" + printable(line) + "\"");
        }
        headers.add(new Header(line.substring(0, colon), line.substring(colon + 1).strip()));
      }
      if (status >= 200 || status == 101) {
        String reason = statusLine.length() > 13 ? statusLine.substring(13) : "";
        return response(method, statusLine, status, reason, headers);
      }
    }
  }

  private Response response(
      String method, String statusLine, int status, String reason, List<Header> headers)
      throws IOException {
    boolean keep =
        statusLine.startsWith("HTTP/1.1")
            && !first(headers, "connection").orElse("").toLowerCase(Locale.ROOT).contains("close");
    if (method.equals("HEAD") || status == 204 || status == 304 || status == 101) {
      return new Response(status, reason, headers, InputStream.nullInputStream(), keep);
    }
    String coding = first(headers, "transfer-encoding").orElse("").toLowerCase(Locale.ROOT);
    if (coding.endsWith("chunked")) {
      return new Response(status, reason, headers, new ChunkedInput(this), keep);
    }
    Optional<String> length = first(headers, "content-length");
    if (length.isPresent()) {
      return new Response(
          status, reason, headers, new LimitedInput(in, length(length.get())), keep);
    }
    return new Response(status, reason, headers, in, false);
  }

  static Optional<String> first(List<Header> headers, String name) {
    return headers.stream()
        .filter(header -> header.name().equalsIgnoreCase(name))
        .map(Header::value)
        .findFirst();
  }

  /** A line without its end. */
  String readLine(int already) throws IOException {
    var line = new ByteArrayOutputStream(128);
    while (true) {
      int next = in.read();
      if (next < 0) {
        throw new EOFException(
            line.size() == 0 && already == 0
                ? "the connection was closed without an answer"
                : "the connection was closed in the middle of an answer");
      }
      if (next == '\n') {
        String text = line.toString(StandardCharsets.ISO_8859_1);
        return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
      }
      line.write(next);
      if (line.size() + already > HEAD_LIMIT) {
        throw new IOException("the answer's head is longer than " + HEAD_LIMIT + " bytes");
      }
    }
  }

  private static long length(String text) throws IOException {
    try {
      long length = Long.parseLong(text);
      if (length >= 0) {
        return length;
      }
    } catch (NumberFormatException e) {
      throw new IOException("malformed Content-Length \"" + printable(text) + "\"", e);
    }
    throw new IOException("negative Content-Length " + text);
  }

  static int number(String text, int radix) throws IOException {
    try {
      int value = Integer.parseInt(text.strip(), radix);
      if (value >= 0) {
        return value;
      }
    } catch (NumberFormatException e) {
      throw new IOException("malformed number \"" + printable(text) + "\" in an HTTP answer", e);
    }
    throw new IOException("negative number in an HTTP answer: " + text);
  }

  private static String printable(String text) {
    String start = text.length() > 80 ? text.substring(0, 80) + "…" : text;
    return start.replaceAll("\\p{Cntrl}", "?");
  }

  private static String token(String text) {
    if (text.isEmpty() || !text.chars().allMatch(c -> c > 32 && c < 127 && c != ':')) {
      throw new IllegalArgumentException("not an HTTP token: \"" + printable(text) + "\"");
    }
    return text;
  }

  private static String target(String text) {
    if (!text.chars().allMatch(c -> c > 32 && c != 127)) {
      throw new IllegalArgumentException("not a request target: \"" + printable(text) + "\"");
    }
    return text;
  }

  private static String line(String value) {
    if (value.chars().anyMatch(c -> c == '\r' || c == '\n' || c == 0)) {
      throw new IllegalArgumentException("a header's value cannot hold line ends");
    }
    return value;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
