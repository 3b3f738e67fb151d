package heddle.proxy.http;

import heddle.proxy.http1.H1;
import heddle.proxy.http1.HeaderBlock;
import io.netty.util.AsciiString;
import io.netty.util.NetUtil;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Cleans and completes headers as Envoy's connection manager does before routing. */
final class RequestHeaders {
  /** Control headers that only internal callers may send; nobody is internal by default. */
  private static final Set<AsciiString> INTERNAL_ONLY =
      names(
          "x-envoy-retry-on",
          "x-envoy-retry-grpc-on",
          "x-envoy-max-retries",
          "x-envoy-retriable-status-codes",
          "x-envoy-retriable-header-names",
          "x-envoy-upstream-alt-stat-name",
          "x-envoy-upstream-rq-timeout-ms",
          "x-envoy-upstream-rq-per-try-timeout-ms",
          "x-envoy-upstream-rq-timeout-alt-response",
          "x-envoy-expected-rq-timeout-ms",
          "x-envoy-force-trace",
          "x-envoy-ip-tags",
          "x-envoy-original-url",
          "x-envoy-hedge-on-per-try-timeout",
          "x-envoy-internal",
          "x-envoy-upstream-stream-duration-ms");

  private static final Set<AsciiString> EDGE_ONLY =
      names(
          "x-envoy-decorator-operation",
          "x-envoy-downstream-service-cluster",
          "x-envoy-downstream-service-node");

  private static Set<AsciiString> names(String... names) {
    return Set.of(java.util.Arrays.stream(names).map(AsciiString::new).toArray(AsciiString[]::new));
  }

  private RequestHeaders() {}

  /** Whether Connection nominates a header that tells who the client is: nobody may remove that. */
  static boolean nominatesIdentity(HeaderBlock headers) {
    for (int i = headers.find(H1.CONNECTION, 0); i >= 0; i = headers.find(H1.CONNECTION, i + 1)) {
      CharSequence nominated = headers.value(i);
      if (H1.hasElement(nominated, "x-forwarded-for")
          || H1.hasElement(nominated, "x-forwarded-host")
          || H1.hasElement(nominated, "x-forwarded-proto")
          || nominated.toString().startsWith(":")) {
        return true;
      }
    }
    return false;
  }

  /**
   * Removes hop-by-hop headers.
   *
   * @param keepUpgrade whether this is an upgrade that goes through
   */
  static void dropHopByHop(HeaderBlock headers, boolean keepUpgrade) {
    if (!keepUpgrade) {
      String nominated = headers.joined("connection");
      if (nominated != null) {
        headers.drop(H1.CONNECTION);
        dropNominated(headers, nominated);
      }
      headers.drop(Names.UPGRADE);
    }
    headers.drop(Names.KEEP_ALIVE);
    headers.drop(H1.PROXY_CONNECTION);
    CharSequence te = headers.first(Names.TE);
    if (te != null) {
      if (H1.hasElement(te, "trailers")) {
        headers.put(Names.TE, Names.TRAILERS);
      } else {
        headers.drop(Names.TE);
      }
    }
  }

  private static void dropNominated(HeaderBlock headers, CharSequence connection) {
    if (AsciiString.contentEqualsIgnoreCase(connection, "keep-alive")
        || AsciiString.contentEqualsIgnoreCase(connection, "close")) {
      return;
    }
    for (String token : connection.toString().split(",", -1)) {
      String name = token.trim().toLowerCase(Locale.ROOT);
      switch (name) {
        case "", "close", "keep-alive", "upgrade", "te" -> {}
        default -> headers.drop(new AsciiString(name));
      }
    }
  }

  /** Removes what external callers may not say, and adds identity headers. */
  static void sanitize(
      HeaderBlock headers, HcmConfig config, Downstream peer, RandomGenerator random) {
    boolean edge = config.useRemoteAddress();
    for (int i = headers.count() - 1; i >= 0; i--) {
      AsciiString name = headers.name(i);
      if (name.length() > 8
          && name.byteAt(0) == 'x'
          && name.byteAt(2) == 'e'
          && (INTERNAL_ONLY.contains(name) || (edge && EDGE_ONLY.contains(name)))) {
        headers.drop(name);
        i = Math.min(i, headers.count());
      }
    }
    headers.drop(Names.XFCC);
    headers.drop(H1.TRANSFER_ENCODING); // framing is the next connection's own
    keepReferer(headers);
    if (edge && !config.skipXffAppend()) {
      String before = headers.joined("x-forwarded-for");
      String address = peer.loopback() ? peer.localAddress() : peer.remoteAddress();
      boolean first = before == null || before.isEmpty();
      headers.put(Names.X_FORWARDED_FOR, first ? address : before + "," + address);
    }
    if (edge || isMissing(headers, Names.X_FORWARDED_PROTO)) {
      headers.put(Names.X_FORWARDED_PROTO, Names.HTTP);
    }
    if (edge) {
      headers.put(Names.X_ENVOY_EXTERNAL_ADDRESS, peer.remoteAddress());
    }
    if (config.generateRequestId()
        && (isMissing(headers, Names.X_REQUEST_ID)
            || (edge && !config.preserveExternalRequestId()))) {
      headers.put(Names.X_REQUEST_ID, uuid(random));
    }
  }

  /**
   * Whom the last proxy before this one names as the client, with port 0; null if that is the peer.
   * Source: Envoy without {@code xff_num_trusted_hops}.
   */
  static @Nullable String clientAddress(HeaderBlock headers, HcmConfig config) {
    String named = config.useRemoteAddress() ? null : headers.joined("x-forwarded-for");
    if (named == null) {
      return null;
    }
    String last = named.substring(named.lastIndexOf(',') + 1).strip();
    if (NetUtil.isValidIpV4Address(last)) {
      return last + ":0";
    }
    return NetUtil.isValidIpV6Address(last) ? "[" + last + "]:0" : null;
  }

  private static boolean isMissing(HeaderBlock headers, AsciiString name) {
    CharSequence value = headers.first(name);
    return value == null || value.isEmpty();
  }

  /** A referer that is no URI, or says more than it should, goes. Source: Envoy 1.40. */
  private static void keepReferer(HeaderBlock headers) {
    String referer = headers.joined("referer");
    if (referer == null) {
      return;
    }
    headers.put(Names.REFERER, referer);
    if (!isReferer(referer)) {
      headers.drop(Names.REFERER);
    }
  }

  private static boolean isReferer(String text) {
    if (text.chars().anyMatch(c -> c <= ' ' || c >= 0x7f || c == '#')) {
      return false;
    }
    int colon = text.indexOf(':');
    int slash = text.indexOf('/');
    if (colon < 0 || (slash >= 0 && slash < colon)) {
      return true; // relative
    }
    int from = colon + 3;
    return text.startsWith("://", colon)
        && RequestTarget.isHostAndPort(
            text.substring(from, RequestTarget.authorityEnd(text, from)), false);
  }

  private static String uuid(RandomGenerator random) {
    long high = (random.nextLong() & 0xffff_ffff_ffff_0fffL) | 0x4000L;
    long low = (random.nextLong() & 0x3fff_ffff_ffff_ffffL) | 0x8000_0000_0000_0000L;
    return new UUID(high, low).toString();
  }
}
