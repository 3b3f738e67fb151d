package heddle.cluster.server;

import heddle.cluster.auth.User;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One HTTP request and its answer. Exactly one of the answering methods is called, once. */
public interface Exchange {

  Target target();

  User user();

  /** Decoded query parameters, in order of appearance. */
  Map<String, List<String>> query();

  /** The query as it stands in the URL, without the question mark; empty without one. */
  String rawQuery();

  /** First value of a query parameter. */
  default Optional<String> parameter(String name) {
    List<String> values = query().getOrDefault(name, List.of());
    return values.isEmpty() ? Optional.empty() : Optional.of(values.get(0));
  }

  /** Values of a request header, by any case; comma-separated values are not split. */
  List<String> headers(String name);

  /** All request headers, names in lower case. */
  Map<String, List<String>> headers();

  default Optional<String> header(String name) {
    List<String> values = headers(name);
    return values.isEmpty() ? Optional.empty() : Optional.of(values.get(0));
  }

  /**
   * The whole body.
   *
   * @throws heddle.cluster.object.ApiException 413 when it is larger than 3 MiB
   */
  byte[] body() throws IOException;

  /** The body as it arrives, without a limit. */
  InputStream bodyStream() throws IOException;

  /** Answers at once. */
  void respond(int status, Map<String, List<String>> headers, byte[] body) throws IOException;

  /** Answers chunked: headers leave now, and every flush leaves as it is. */
  OutputStream stream(int status, Map<String, List<String>> headers) throws IOException;

  /** Whether the client asks to upgrade the connection, so that {@link #upgrade} may be called. */
  boolean upgradable();

  /**
   * Sends {@code 101 Switching Protocols} with these headers (add {@code Upgrade}; {@code
   * Connection} is there) and hands over the connection. It ends when {@link Subresource#handle}
   * returns.
   */
  Connection upgrade(Map<String, List<String>> headers) throws IOException;

  /** The raw bytes of an upgraded connection. Reading and writing may go on at the same time. */
  interface Connection {
    /** End of file when the client closes. */
    InputStream input();

    /** Flush sends. */
    OutputStream output();

    /** Closes the connection, from any thread; a blocked read ends. */
    void close();
  }
}
