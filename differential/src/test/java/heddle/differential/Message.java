package heddle.differential;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP/1.1 message as it is being read: others may look at what has arrived so far. Exact about
 * bytes, and without mercy for bad framing.
 */
final class Message {
  /** How a body's end is found. */
  enum Framing {
    NONE("none"),
    LENGTH("content-length"),
    CHUNKED("chunked"),
    CLOSE("close");

    final String word;

    Framing(String word) {
      this.word = word;
    }
  }

  /** A header line; the name as it was written. */
  record Header(String name, String value) {
    @Override
    public String toString() {
      return name + ": " + value;
    }
  }

  private String startLine = "";
  private List<Header> headers = List.of();
  private List<Header> trailers = List.of();
  private Framing framing = Framing.NONE;
  private final ByteArrayOutputStream body = new ByteArrayOutputStream();
  private boolean complete;

  /**
   * Reads start line and headers.
   *
   * @return false if the stream ended before
   */
  boolean readHead(InputStream in) throws IOException {
    String first = line(in);
    if (first == null) {
      return false;
    }
    List<Header> read = headers(in);
    if (read == null) {
      return false;
    }
    synchronized (this) {
      startLine = first;
      headers = read;
    }
    return true;
  }

  private static @Nullable List<Header> headers(InputStream in) throws IOException {
    List<Header> read = new ArrayList<>();
    for (String line = line(in); line != null; line = line(in)) {
      if (line.isEmpty()) {
        return read;
      }
      int colon = line.indexOf(':');
      read.add(
          colon < 0
              ? new Header(line, "(no colon)")
              : new Header(line.substring(0, colon), line.substring(colon + 1).strip()));
    }
    return null;
  }

  /** Reads a body framed so; complete if its end was there. */
  void readBody(InputStream in, Framing how) throws IOException {
    synchronized (this) {
      framing = how;
    }
    boolean whole =
        switch (how) {
          case NONE -> true;
          case LENGTH -> copy(in, Long.parseLong(header("content-length", "0"))) == 0;
          case CHUNKED -> chunks(in);
          case CLOSE -> copy(in, Long.MAX_VALUE) > 0;
        };
    synchronized (this) {
      complete = whole;
    }
  }

  private long copy(InputStream in, long wanted) throws IOException {
    byte[] piece = new byte[65536];
    while (wanted > 0) {
      int n = in.read(piece, 0, (int) Math.min(piece.length, wanted));
      if (n < 0) {
        return wanted;
      }
      synchronized (this) {
        body.write(piece, 0, n);
      }
      wanted -= n;
    }
    return 0;
  }

  private boolean chunks(InputStream in) throws IOException {
    for (String size = line(in); size != null; size = line(in)) {
      long length = Long.parseLong(size.split(";")[0].strip(), 16);
      if (length == 0) {
        List<Header> read = headers(in);
        synchronized (this) {
          trailers = read == null ? List.of() : read;
        }
        return read != null;
      }
      if (copy(in, length) > 0 || line(in) == null) {
        return false;
      }
    }
    return false;
  }

  private static @Nullable String line(InputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0) {
        return null;
      }
      line.write(b);
    }
    String text = line.toString(StandardCharsets.ISO_8859_1);
    return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
  }

  /** The values of a header, joined by a comma. */
  synchronized String header(String name, String otherwise) {
    List<String> values =
        headers.stream()
            .filter(header -> header.name().equalsIgnoreCase(name))
            .map(Header::value)
            .toList();
    return values.isEmpty() ? otherwise : String.join(",", values);
  }

  synchronized String startLine() {
    return startLine;
  }

  /** The n-th word of the start line, from 0; empty if there is none. */
  synchronized String word(int n) {
    String[] words = startLine.split(" ");
    return n < words.length ? words[n] : "";
  }

  synchronized List<Header> headers() {
    return headers;
  }

  synchronized List<Header> trailers() {
    return trailers;
  }

  synchronized Framing framing() {
    return framing;
  }

  synchronized boolean complete() {
    return complete;
  }

  synchronized void endWithoutBody() {
    complete = true;
  }

  synchronized int bodySize() {
    return body.size();
  }

  synchronized String body() {
    return body.toString(StandardCharsets.ISO_8859_1);
  }

  /** How the body of a request with these headers is framed. */
  Framing requestFraming() {
    if (header("transfer-encoding", "").toLowerCase(Locale.ROOT).endsWith("chunked")) {
      return Framing.CHUNKED;
    }
    return header("content-length", "").isEmpty() ? Framing.NONE : Framing.LENGTH;
  }

  /** How the body of a response with these headers is framed. */
  Framing responseFraming(int status, String method) {
    if (method.equals("HEAD") || status < 200 || status == 204 || status == 304) {
      return Framing.NONE;
    }
    Framing framed = requestFraming();
    return framed == Framing.NONE ? Framing.CLOSE : framed;
  }
}
