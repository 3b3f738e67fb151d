package heddle.proxy.http;

import heddle.proxy.http1.H1;
import heddle.proxy.http1.HeaderBlock;
import heddle.proxy.http1.KnownNames;
import heddle.xds.route.RequestView;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.AsciiString;
import java.util.Locale;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A request's head: as the client sent it, then as checks, routes and rewrites left it. */
final class Request implements RequestView {
  private final HttpMethod method;
  private final HeaderBlock headers;
  private final boolean known;
  private final boolean complete;
  private final boolean http11;
  private final boolean closes;
  private final @Nullable String upgrade;
  private String path;
  private String authority = "";

  Request(HttpRequest message) {
    method = message.method();
    headers = (HeaderBlock) message.headers();
    path = message.uri();
    known = message.decoderResult().isSuccess();
    headers.joinLists(KnownNames.REQUEST_LISTS);
    complete = known && RequestBody.isEmpty(headers) && !method.equals(HttpMethod.CONNECT);
    http11 = message.protocolVersion().equals(HttpVersion.HTTP_1_1);
    closes = H1.closes(message);
    upgrade = readUpgrade();
  }

  /** One whose head never came or is not HTTP as it should be: nothing is known of it. */
  static Request unread() {
    var nothing =
        new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, "", HeaderBlock.FACTORY);
    nothing.setDecoderResult(DecoderResult.UNFINISHED);
    return new Request(nothing);
  }

  private @Nullable String readUpgrade() {
    CharSequence wanted = headers.first(Names.UPGRADE);
    CharSequence nominated = wanted == null ? null : headers.first(H1.CONNECTION);
    if (wanted == null || nominated == null || !H1.hasElement(nominated, "upgrade")) {
      return null;
    }
    String type = wanted.toString().toLowerCase(Locale.ROOT);
    return type.equals("h2c") ? null : type; // Envoy strips and ignores h2c
  }

  HttpMethod method() {
    return method;
  }

  HeaderBlock headers() {
    return headers;
  }

  boolean http11() {
    return http11;
  }

  /** Whether no body follows the head. */
  boolean complete() {
    return complete;
  }

  /** Whether the client wants the connection closed after the response. */
  boolean closes() {
    return closes;
  }

  /** The protocol that the client wants to switch to, lower case, or null. */
  @Nullable String upgrade() {
    return upgrade;
  }

  String scheme() {
    CharSequence scheme = headers.first(Names.X_FORWARDED_PROTO);
    return scheme == null ? "http" : scheme.toString();
  }

  boolean grpc() {
    CharSequence type = headers.first(Names.CONTENT_TYPE);
    return type != null && type.toString().startsWith("application/grpc");
  }

  void path(String changed) {
    path = changed;
  }

  void authority(String changed) {
    authority = changed;
  }

  /** Changes the authority and the header that carries it, and remembers what it was. */
  void rewriteHost(String to, boolean appendForwarded) {
    headers.put(Names.X_ENVOY_ORIGINAL_HOST, authority);
    if (appendForwarded) {
      String before = headers.joined("x-forwarded-host");
      headers.put(Names.X_FORWARDED_HOST, before == null ? authority : before + "," + authority);
    }
    headers.put(Names.HOST, to);
    authority = to;
  }

  /** Changes the path, and remembers what it was. */
  void rewritePath(String to) {
    headers.put(Names.X_ENVOY_ORIGINAL_PATH, path);
    path = to;
  }

  @Override
  public String authority() {
    return authority;
  }

  @Override
  public String path() {
    return path;
  }

  /** The value of the first line of that (lower-case) name, as logs and formats take it. */
  @Nullable String first(String name) {
    if (!known || name.startsWith(":")) {
      return header(name);
    }
    CharSequence value = headers.first(AsciiString.cached(name));
    return value == null ? null : value.toString();
  }

  @Override
  public boolean any(String name, Predicate<String> test) {
    if (!known || name.startsWith(":")) {
      return RequestView.super.any(name, test);
    }
    AsciiString wanted = AsciiString.cached(name);
    for (int i = headers.find(wanted, 0); i >= 0; i = headers.find(wanted, i + 1)) {
      if (test.test(headers.value(i).toString())) {
        return true;
      }
    }
    return false;
  }

  /** Null for everything, if the head never came or could not be read. */
  @Override
  public @Nullable String header(String name) {
    if (!known) {
      return null;
    }
    return switch (name) {
      case ":method" -> method.name();
      case ":path" -> path.isEmpty() ? null : path; // CONNECT has none
      case ":authority" ->
          authority.isEmpty() && headers.find(Names.HOST, 0) < 0 ? null : authority;
      case ":scheme" -> scheme();
      default -> headers.joined(name);
    };
  }
}
