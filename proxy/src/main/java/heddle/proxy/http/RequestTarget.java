package heddle.proxy.http;

import heddle.proxy.http1.HeaderBlock;
import io.netty.handler.codec.http.HttpMethod;
import org.jspecify.annotations.Nullable;

/**
 * Reads where a request wants to go: its path, and its authority, which an absolute target or that
 * of CONNECT names before the Host header does. Source of what is refused: Envoy 1.40.
 */
final class RequestTarget {
  private static final int MAX_PORT = 65535;
  private static final String MARKS = "!$%&'()*+,-.:;=@[]_~";

  private RequestTarget() {}

  /** Sets path and authority; the reply that refuses the request, or null. */
  static @Nullable LocalReply read(Request request) {
    HeaderBlock headers = request.headers();
    CharSequence host = headers.first(Names.HOST);
    String target = request.path();
    if (request.method().equals(HttpMethod.CONNECT)) {
      if (!isHostAndPort(target, true)) {
        return invalid("http1.invalid_url");
      }
      request.authority(target);
      request.path("");
    } else if (target.startsWith("/")
        || (target.equals("*") && request.method().equals(HttpMethod.OPTIONS))) {
      request.authority(host == null ? "" : host.toString());
    } else {
      return absolute(request, target);
    }
    return isAuthority(request.authority()) ? null : invalid("http.invalid_authority");
  }

  private static LocalReply invalid(String details) {
    return LocalReply.protocolError(400, details);
  }

  private static @Nullable LocalReply absolute(Request request, String target) {
    int colon = target.indexOf("://");
    if (colon <= 0) {
      return invalid(target.equals("*") ? "http1.invalid_url" : "http1.codec_error");
    }
    String scheme = target.substring(0, colon);
    if (!scheme.equalsIgnoreCase("http") && !scheme.equalsIgnoreCase("https")) {
      return invalid("http1.invalid_scheme");
    }
    int end = authorityEnd(target, colon + 3);
    String authority = target.substring(colon + 3, end);
    String host = authority.substring(authority.lastIndexOf('@') + 1);
    if (!isHostAndPort(host, false)) {
      return invalid("http1.invalid_url");
    }
    request.authority(host);
    request.path(end == target.length() ? "/" : target.substring(end));
    request.headers().put(Names.HOST, host);
    return null;
  }

  static int authorityEnd(String target, int from) {
    int at = from;
    while (at < target.length() && "/?#".indexOf(target.charAt(at)) < 0) {
      at++;
    }
    return at;
  }

  /** Whether text is a host, with a port if there is a colon (or if there must be one). */
  static boolean isHostAndPort(String text, boolean portNeeded) {
    int colon = text.lastIndexOf(':');
    boolean hasPort = colon > text.lastIndexOf(']');
    String host = hasPort ? text.substring(0, colon) : text;
    if (host.isEmpty() || host.indexOf('@') >= 0 || !isAuthority(host)) {
      return false;
    }
    return hasPort ? isPort(text.substring(colon + 1)) : !portNeeded;
  }

  static boolean isPort(String text) {
    return !text.isEmpty()
        && text.length() <= 5
        && text.chars().allMatch(c -> c >= '0' && c <= '9')
        && Integer.parseInt(text) <= MAX_PORT;
  }

  /** Whether a Host header holds only what RFC 3986 has in an authority. */
  private static boolean isAuthority(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
      if (!plain && MARKS.indexOf(c) < 0) {
        return false;
      }
    }
    return true;
  }
}
