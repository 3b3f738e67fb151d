package heddle.proxy.http1;

import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What may stand in a request line. Source: Envoy 1.40, which knows these methods only. */
final class RequestLine {
  private static final Map<String, HttpMethod> METHODS =
      Stream.of(
              "ACL BIND CHECKOUT CONNECT COPY DELETE GET HEAD LINK LOCK MERGE MKACTIVITY MKCALENDAR"
                  + " MKCOL MOVE MSEARCH NOTIFY OPTIONS PATCH POST PROPFIND PROPPATCH PURGE PUT QUERY"
                  + " REBIND REPORT SEARCH SOURCE SUBSCRIBE TRACE UNBIND UNLINK UNLOCK UNSUBSCRIBE")
          .flatMap(names -> Stream.of(names.split(" ")))
          .collect(Collectors.toUnmodifiableMap(Function.identity(), HttpMethod::valueOf));

  private static final Pattern VERSION = Pattern.compile("HTTP/[0-9]\\.[0-9]");

  private RequestLine() {}

  static HttpMethod method(String name) {
    HttpMethod method = METHODS.get(name);
    if (method == null) {
      throw new IllegalArgumentException("method " + name + " is not known");
    }
    return method;
  }

  /** None at all is HTTP/0.9's. */
  static HttpVersion version(String text, String target) {
    if (text.isEmpty() && target.startsWith("/")) {
      return HttpVersion.valueOf("HTTP/0.9");
    }
    if (!VERSION.matcher(text).matches()) {
      throw new IllegalArgumentException("version " + text + " (expected: HTTP/1.1)");
    }
    return HttpVersion.valueOf(text);
  }

  static String target(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c <= ' ' || c == 0x7f) {
        throw new BadCharacterException("the request's target has a control character");
      }
      if (c > 0x7f) {
        throw new IllegalArgumentException("the request's target has a byte beyond ASCII");
      }
    }
    return text;
  }
}
