package heddle.proxy.http1;

import io.netty.util.AsciiString;
import org.jspecify.annotations.Nullable;

/**
 * Header names that most messages have, each as one object: reading them allocates nothing, and
 * looking for them compares references first.
 */
public final class KnownNames {
  private static final int SIZE = 512;
  private static final AsciiString[] TABLE = table();
  private static final long[] LIST_BITS = new long[SIZE];

  /** Headers of requests whose lines Envoy 1.40 joins into one. */
  public static final long REQUEST_LISTS =
      lists(
          0,
          """
          accept accept-encoding access-control-request-headers access-control-request-method
          authorization cache-control cdn-loop content-encoding content-type expect grpc-timeout
          if-match if-modified-since if-none-match origin pragma user-agent via x-client-trace-id
          x-envoy-attempt-count x-envoy-original-path x-envoy-original-host x-forwarded-for
          x-forwarded-host x-forwarded-port x-forwarded-proto x-request-id
          """);

  /** The same of responses. */
  public static final long RESPONSE_LISTS =
      lists(
          32,
          """
          access-control-allow-origin cache-control content-encoding content-type date etag
          grpc-message grpc-status location server vary via x-envoy-upstream-service-time
          """);

  private KnownNames() {}

  private static AsciiString[] table() {
    var table = new AsciiString[SIZE];
    String names =
        """
        accept access-control-allow-origin
        access-control-request-headers access-control-request-method accept-charset accept-encoding accept-language accept-ranges age allow authorization
        cache-control cdn-loop connection content-disposition content-encoding content-language content-length
        content-location content-range content-type cookie date dnt etag expect expires forwarded from
        grpc-message grpc-status grpc-timeout host if-match if-modified-since if-none-match if-range
        if-unmodified-since keep-alive last-modified link location origin pragma proxy-connection
        range referer retry-after sec-fetch-dest sec-fetch-mode sec-fetch-site server set-cookie
        strict-transport-security te traceparent tracestate trailer transfer-encoding
        upgrade upgrade-insecure-requests user-agent vary via www-authenticate x-amzn-trace-id
        x-b3-flags x-b3-parentspanid x-b3-sampled x-b3-spanid x-b3-traceid x-client-trace-id x-content-type-options
        x-envoy-attempt-count x-envoy-expected-rq-timeout-ms x-envoy-external-address
        x-envoy-original-host x-envoy-original-path x-envoy-overloaded x-envoy-ratelimited
        x-envoy-upstream-service-time x-forwarded-client-cert x-forwarded-for x-forwarded-host
        x-forwarded-port x-forwarded-proto x-frame-options x-real-ip x-request-id
        """;
    for (String name : names.strip().split("\\s+")) {
      var ascii = new AsciiString(name);
      int slot = hash(ascii.array(), 0, ascii.length());
      while (table[slot] != null) {
        slot = (slot + 1) & (SIZE - 1);
      }
      table[slot] = ascii;
    }
    return table;
  }

  /** The one object for a (lower-case) name of the list. */
  public static AsciiString named(String name) {
    var ascii = new AsciiString(name);
    AsciiString known = find(ascii.array(), 0, ascii.length());
    if (known == null) {
      throw new IllegalArgumentException(name + " is not in the list of known header names");
    }
    return known;
  }

  /** Any name in lower case; the one object if it is known. */
  static AsciiString read(byte[] bytes, int start, int length) {
    AsciiString known = find(bytes, start, length);
    if (known != null) {
      return known;
    }
    var lower = new byte[length];
    for (int i = 0; i < length; i++) {
      lower[i] = lower(bytes[start + i]);
    }
    return new AsciiString(lower, false);
  }

  /** Where a name stands if it is one of the objects that this class gives out; otherwise -1. */
  static int slot(AsciiString name) {
    int slot = name.arrayOffset() == 0 ? slot(name.array(), 0, name.length()) : -1;
    return slot >= 0 && TABLE[slot] == name ? slot : -1;
  }

  /** The bit of a header whose lines are one list; 0 if they are not. */
  static long listBit(int slot) {
    return LIST_BITS[slot];
  }

  private static @Nullable AsciiString find(byte[] bytes, int start, int length) {
    int slot = slot(bytes, start, length);
    return slot < 0 ? null : TABLE[slot];
  }

  private static int slot(byte[] bytes, int start, int length) {
    int slot = hash(bytes, start, length);
    for (AsciiString candidate = TABLE[slot]; candidate != null; candidate = TABLE[slot]) {
      if (same(candidate, bytes, start, length)) {
        return slot;
      }
      slot = (slot + 1) & (SIZE - 1);
    }
    return -1;
  }

  /** Gives each name a bit, unless it has one, and says which bits they have. */
  private static long lists(int firstBit, String names) {
    long all = 0;
    int next = firstBit;
    for (String name : names.strip().split("\\s+")) {
      var ascii = new AsciiString(name);
      int slot = slot(ascii.array(), 0, ascii.length());
      if (LIST_BITS[slot] == 0) {
        LIST_BITS[slot] = 1L << next++;
      }
      all |= LIST_BITS[slot];
    }
    return all;
  }

  private static boolean same(AsciiString known, byte[] bytes, int start, int length) {
    if (known.length() != length) {
      return false;
    }
    byte[] name = known.array();
    for (int i = 0; i < length; i++) {
      if (name[i] != lower(bytes[start + i])) {
        return false;
      }
    }
    return true;
  }

  /** Length, first, middle and last byte tell the names of the list apart well enough. */
  private static int hash(byte[] bytes, int start, int length) {
    if (length == 0) {
      return 0;
    }
    int hash = length;
    hash = hash * 31 + (bytes[start] | 0x20);
    hash = hash * 31 + (bytes[start + length / 2] | 0x20);
    hash = hash * 31 + (bytes[start + length - 1] | 0x20);
    return (hash ^ (hash >>> 9)) & (SIZE - 1);
  }

  private static byte lower(byte b) {
    return b >= 'A' && b <= 'Z' ? (byte) (b + 32) : b;
  }
}
