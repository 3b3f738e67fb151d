package heddle.cluster.server;

import heddle.cluster.auth.User;
import heddle.cluster.object.ApiException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A request as it came in, before and after its user is known; how to answer is left open. */
abstract class HttpExchange implements Exchange {
  static final int BODY_LIMIT = 3 * 1024 * 1024;

  final String method;
  final String path;
  private final String rawQuery;
  private final Map<String, List<String>> query;
  private final Map<String, List<String>> headers;
  private final @Nullable X509Certificate certificate;
  private final List<String> warnings = new ArrayList<>();
  private @Nullable Target target;
  private @Nullable User user;

  HttpExchange(
      String method,
      String path,
      String rawQuery,
      Map<String, List<String>> headers,
      @Nullable X509Certificate certificate) {
    this.method = method;
    this.path = path;
    this.rawQuery = rawQuery;
    this.query = Path.query(rawQuery);
    this.headers = headers;
    this.certificate = certificate;
  }

  @Nullable X509Certificate certificate() {
    return certificate;
  }

  void identify(User caller) {
    user = caller;
  }

  void aim(Target named) {
    target = named;
  }

  /** Adds a text for a Warning header; the same text once. */
  void warn(String text) {
    if (!warnings.contains(text)) {
      warnings.add(text);
    }
  }

  /** Headers with the warnings so far. */
  Map<String, List<String>> withWarnings(Map<String, List<String>> base) {
    Map<String, List<String>> all = new LinkedHashMap<>(base);
    if (!warnings.isEmpty()) {
      List<String> lines = new ArrayList<>();
      for (String warning : warnings) {
        String quoted = warning.replace("\\", "\\\\").replace("\"", "\\\"").replace('\n', ' ');
        lines.add("299 - \"" + quoted + '"');
      }
      all.put("Warning", lines);
    }
    return all;
  }

  @Nullable Target aimedAt() {
    return target;
  }

  @Override
  public Target target() {
    if (target == null) {
      throw new IllegalStateException("no resource is named by " + path);
    }
    return target;
  }

  @Override
  public User user() {
    if (user == null) {
      throw new IllegalStateException("not authenticated yet: " + path);
    }
    return user;
  }

  @Override
  public Map<String, List<String>> query() {
    return query;
  }

  @Override
  public String rawQuery() {
    return rawQuery;
  }

  @Override
  public List<String> headers(String name) {
    return headers.getOrDefault(name.toLowerCase(Locale.ROOT), List.of());
  }

  @Override
  public Map<String, List<String>> headers() {
    return headers;
  }

  @Override
  public byte[] body() throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    InputStream stream = bodyStream();
    byte[] buffer = new byte[8192];
    for (int n = stream.read(buffer); n >= 0; n = stream.read(buffer)) {
      body.write(buffer, 0, n);
      if (body.size() > BODY_LIMIT) {
        throw new ApiException(
            413, "RequestEntityTooLarge", "Request entity too large: limit is " + BODY_LIMIT);
      }
    }
    return body.toByteArray();
  }

  abstract boolean answered();

  @Override
  public abstract OutputStream stream(int status, Map<String, List<String>> headers)
      throws IOException;
}
