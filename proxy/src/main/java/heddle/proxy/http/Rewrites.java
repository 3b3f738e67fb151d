package heddle.proxy.http;

import heddle.proxy.http1.HeaderBlock;
import heddle.xds.route.Action;
import heddle.xds.route.HeaderEdits;
import heddle.xds.route.PathCondition;
import heddle.xds.route.RouteEntry;
import io.netty.util.AsciiString;
import java.util.List;
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

  /** Applies the request side of one level. */
  static void request(HeaderBlock headers, HeaderEdits edits, HttpStream stream) {
    apply(headers, edits.requestRemovals(), edits.requestAdditions(), stream);
  }

  /** Applies the response side of one level. */
  static void response(HeaderBlock headers, HeaderEdits edits, HttpStream stream) {
    apply(headers, edits.responseRemovals(), edits.responseAdditions(), stream);
  }

  private static void apply(
      HeaderBlock headers,
      List<String> removals,
      List<HeaderEdits.Addition> additions,
      HttpStream stream) {
    for (String name : removals) {
      headers.drop(AsciiString.cached(name));
    }
    for (var addition : additions) {
      String value = HeaderValues.evaluate(addition.value(), stream);
      if (value.isEmpty() && !addition.keepEmpty()) {
        continue;
      }
      AsciiString name = AsciiString.cached(addition.name());
      boolean there = headers.find(name, 0) >= 0;
      switch (addition.mode()) {
        case APPEND_OR_ADD -> headers.append(name, value);
        case ADD_IF_ABSENT -> {
          if (!there) {
            headers.append(name, value);
          }
        }
        case OVERWRITE_OR_ADD -> headers.put(name, value);
        case OVERWRITE_IF_EXISTS -> {
          if (there) {
            headers.put(name, value);
          }
        }
      }
    }
  }

  /** Where a redirect leads. */
  static String location(
      Action.Redirect redirect, RouteEntry route, String scheme, String authority, String path) {
    String newScheme = redirect.scheme() == null ? scheme : redirect.scheme();
    String host = redirect.host() == null ? authority : redirect.host();
    if (redirect.port() != 0) {
      host = withoutPort(host) + ":" + redirect.port();
    } else if (redirect.host() == null && redirect.scheme() != null) {
      if ((scheme.equals("http") && host.endsWith(":80"))
          || (scheme.equals("https") && host.endsWith(":443"))) {
        host = withoutPort(host);
      }
    }
    int query = path.indexOf('?');
    String tail = query < 0 || redirect.stripQuery() ? "" : path.substring(query);
    String head = query < 0 ? path : path.substring(0, query);
    Action.@Nullable PathRewrite rewrite = redirect.rewrite();
    if (redirect.path() != null) {
      head = redirect.path();
      if (head.indexOf('?') >= 0) {
        tail = "";
      }
    } else if (rewrite != null) {
      head = path(head, route.path(), rewrite);
    }
    return newScheme + "://" + host + head + tail;
  }

  private static String withoutPort(String authority) {
    int colon = authority.lastIndexOf(':');
    return colon > authority.lastIndexOf(']') ? authority.substring(0, colon) : authority;
  }
}
