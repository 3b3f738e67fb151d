package heddle.workload;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.ProtocolException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP/1.x request, its body read and dropped.
 *
 * @param path without the query
 * @param keepAlive whether the client wants to use the connection again
 */
record Request(String method, String path, boolean keepAlive) {
  private static final int MAX_LINE = 16 * 1024;
  private static final int MAX_HEADERS = 200;

  /**
   * Reads the request whose first byte was already read.
   *
   * @throws ProtocolException when it is no request that this server understands
   */
  static Request read(int first, InputStream in) throws IOException {
    String line = (char) first + line(in);
    String[] words = line.split(" ", -1);
    if (words.length != 3 || !Set.of("HTTP/1.1", "HTTP/1.0").contains(words[2])) {
      throw new ProtocolException("bad request line: " + line);
    }
    var headers = headers(in);
    dropBody(headers, in);
    var connection = headers.getOrDefault("connection", "").toLowerCase(Locale.ROOT);
    boolean keepAlive = words[2].equals("HTTP/1.1") ? !connection.contains("close") : false;
    return new Request(words[0], path(words[1]), keepAlive);
  }

  private static String path(String target) {
    int query = target.indexOf('?');
    return query < 0 ? target : target.substring(0, query);
  }

  private static Map<String, String> headers(InputStream in) throws IOException {
    var headers = new HashMap<String, String>();
    for (int count = 0; count <= MAX_HEADERS; count++) {
      String line = line(in);
      if (line.isEmpty()) {
        return headers;
      }
      int colon = line.indexOf(':');
      if (colon < 1) {
        throw new ProtocolException("bad header: " + line);
      }
      headers.put(
          line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
    }
    throw new ProtocolException("more than " + MAX_HEADERS + " headers");
  }

  private static void dropBody(Map<String, String> headers, InputStream in) throws IOException {
    @Nullable String coding = headers.get("transfer-encoding");
    @Nullable String length = headers.get("content-length");
    if (coding == null) {
      in.skipNBytes(length == null ? 0 : number(length, 10));
      return;
    }
    if (!coding.equalsIgnoreCase("chunked") || length != null) {
      throw new ProtocolException("bad framing: transfer-encoding " + coding);
    }
    for (long size = chunkSize(in); size > 0; size = chunkSize(in)) {
      in.skipNBytes(size);
      line(in);
    }
    headers(in);
  }

  private static long chunkSize(InputStream in) throws IOException {
    return number(line(in).split(";", 2)[0].strip(), 16);
  }

  private static long number(String text, int radix) throws ProtocolException {
    try {
      return Long.parseUnsignedLong(text, radix);
    } catch (NumberFormatException e) {
      throw new ProtocolException("bad length: " + text);
    }
  }

  private static String line(InputStream in) throws IOException {
    var line = new StringBuilder();
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        throw new EOFException("the connection ended in the middle of a request");
      }
      if (line.length() == MAX_LINE) {
        throw new ProtocolException("a line longer than " + MAX_LINE + " bytes");
      }
      line.append((char) c);
    }
    int end = line.length();
    if (end > 0 && line.charAt(end - 1) == '\r') {
      line.setLength(end - 1);
    }
    return new String(
        line.toString().getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
  }
}
