package heddle.cluster.stream;

import heddle.cluster.object.ApiException;
import heddle.cluster.server.Exchange;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;

/** Which protocol a client asks for, and the headers that agree to it. */
final class Handshake {
  private Handshake() {}

  static boolean webSocket(Exchange exchange) {
    return upgrade(exchange).equals("websocket");
  }

  static boolean spdy(Exchange exchange) {
    return upgrade(exchange).equals("spdy/3.1");
  }

  private static String upgrade(Exchange exchange) {
    return exchange.header("upgrade").orElse("").strip().toLowerCase(Locale.ROOT);
  }

  /** Refuses a request that asks for no upgrade, or for one that is unknown. */
  static void require(Exchange exchange) {
    if (!exchange.upgradable() || !(webSocket(exchange) || spdy(exchange))) {
      throw ApiException.badRequest(
          "Upgrade request required (expected: Upgrade: websocket or SPDY/3.1)");
    }
  }

  /** The first SPDY sub-protocol that both sides know. */
  static String spdyProtocol(Exchange exchange, List<String> known) {
    List<String> offered = list(exchange.headers("x-stream-protocol-version"));
    for (String protocol : known) {
      if (offered.contains(protocol)) {
        return protocol;
      }
    }
    throw new ApiException(
        403,
        "Forbidden",
        "unable to upgrade: unable to negotiate protocol: client supports %s, server accepts %s"
            .formatted(offered, known));
  }

  static Map<String, List<String>> spdyHeaders(String protocol) {
    return Map.of("Upgrade", List.of("SPDY/3.1"), "X-Stream-Protocol-Version", List.of(protocol));
  }

  /** The first WebSocket sub-protocol offered that is known; {@code none} when none is offered. */
  static String webSocketProtocol(Exchange exchange, Predicate<String> known, String none) {
    List<String> offered = list(exchange.headers("sec-websocket-protocol"));
    if (offered.isEmpty()) {
      return none;
    }
    return offered.stream()
        .filter(known)
        .findFirst()
        .orElseThrow(
            () -> ApiException.badRequest("no WebSocket protocol of " + offered + " is known"));
  }

  static Map<String, List<String>> webSocketHeaders(Exchange exchange, String protocol) {
    String key =
        exchange
            .header("sec-websocket-key")
            .orElseThrow(() -> ApiException.badRequest("Sec-WebSocket-Key is missing"));
    var headers = new java.util.LinkedHashMap<String, List<String>>();
    headers.put("Upgrade", List.of("websocket"));
    headers.put("Sec-WebSocket-Accept", List.of(WebSocketConnection.accept(key)));
    if (!exchange.headers("sec-websocket-protocol").isEmpty()) {
      headers.put("Sec-WebSocket-Protocol", List.of(protocol));
    }
    return headers;
  }

  private static List<String> list(List<String> headers) {
    var values = new ArrayList<String>();
    for (String header : headers) {
      for (String value : header.split(",", -1)) {
        if (!value.isBlank()) {
          values.add(value.strip());
        }
      }
    }
    return values;
  }
}
