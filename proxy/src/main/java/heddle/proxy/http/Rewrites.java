package heddle.proxy.http;

import heddle.xds.route.Action;
import heddle.xds.route.PathCondition;
import heddle.xds.route.RouteEntry;
import org.jspecify.annotations.Nullable;

/** The router's changes to path and headers. */
final class Rewrites {
  private Rewrites() {}

  /** The path (query kept) after a rewrite. */
  static String path(String full, PathCondition matched, Action.PathRewrite rewrite) {
    int query = full.indexOf('?');
    String path = query < 0 ? full : full.substring(0, query);
    String tail = query < 0 ? "" : full.substring(query);
    return switch (rewrite) {
      case Action.PathRewrite.Prefix(var replacement) ->
          replacement + path.substring(matchedLength(matched, path)) + tail;
      case Action.PathRewrite.Regex(var pattern, var substitution) ->
          pattern.matcher(path).replaceAll(javaReplacement(substitution)) + tail;
    };
  }

  private static int matchedLength(PathCondition matched, String path) {
    return switch (matched) {
      case PathCondition.Prefix(var prefix, var caseSensitive) -> prefix.length();
      case PathCondition.SeparatedPrefix(var prefix, var caseSensitive) -> prefix.length();
      case PathCondition.Exact exact -> path.length();
      case PathCondition.Regex regex -> path.length();
    };
  }

  /** RE2's {@code \N} as RE2/J's {@code $N}. */
  private static String javaReplacement(String substitution) {
    var out = new StringBuilder();
    for (int i = 0; i < substitution.length(); i++) {
      char c = substitution.charAt(i);
      if (c == '\\' && i + 1 < substitution.length()) {
        char next = substitution.charAt(++i);
        if (Character.isDigit(next)) {
          out.append('$').append(next);
        } else {
          out.append('\\').append(next);
        }
      } else if (c == '$') {
        out.append("\\$");
      } else {
        out.append(c);
      }
    }
    return out.toString();
  }

  /** Where a redirect leads. */
  static String location(Action.Redirect redirect, RouteEntry route, Request request) {
    String path = request.path();
    int query = path.indexOf('?');
    String head = query < 0 ? path : path.substring(0, query);
    String tail = query < 0 || redirect.stripQuery() ? "" : path.substring(query);
    Action.@Nullable PathRewrite rewrite = redirect.rewrite();
    if (redirect.path() != null) {
      head = redirect.path();
      tail = head.indexOf('?') >= 0 ? "" : tail;
    } else if (rewrite != null) {
      head = path(head, route.path(), rewrite);
    }
    String scheme = redirect.scheme() == null ? request.scheme() : redirect.scheme();
    return scheme + "://" + authority(redirect, request) + head + tail;
  }

  private static String authority(Action.Redirect redirect, Request request) {
    String host = redirect.host() == null ? request.authority() : redirect.host();
    if (redirect.port() != 0) {
      return withoutPort(host) + ":" + redirect.port();
    }
    String defaultPort = request.scheme().equals("https") ? ":443" : ":80";
    boolean dropsPort =
        redirect.host() == null && redirect.scheme() != null && host.endsWith(defaultPort);
    return dropsPort ? withoutPort(host) : host;
  }

  /** An authority without its port. */
  static String withoutPort(String authority) {
    int colon = authority.lastIndexOf(':');
    return colon > authority.lastIndexOf(']')
            && RequestTarget.isPort(authority.substring(colon + 1))
        ? authority.substring(0, colon)
        : authority;
  }
}
