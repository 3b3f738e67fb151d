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

  private KnownNames() {}

  private static AsciiString[] table() {
    var table = new AsciiString[SIZE];
    String names =
        """
        accept accept-charset accept-encoding accept-language accept-ranges age allow authorization
        cache-control connection content-disposition content-encoding content-language content-length
        content-location content-range content-type cookie date dnt etag expect expires forwarded from
        grpc-message grpc-status grpc-timeout host if-match if-modified-since if-none-match if-range
        if-unmodified-since keep-alive last-modified link location origin pragma proxy-connection
        range referer retry-after sec-fetch-dest sec-fetch-mode sec-fetch-site server set-cookie
        strict-transport-security te traceparent tracestate trailer transfer-encoding
        upgrade upgrade-insecure-requests user-agent vary via www-authenticate x-amzn-trace-id
        x-b3-flags x-b3-parentspanid x-b3-sampled x-b3-spanid x-b3-traceid x-content-type-options
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

  /** Whether a name is one of the objects that this class gives out. */
  static boolean contains(AsciiString name) {
    return name.arrayOffset() == 0 && find(name.array(), 0, name.length()) == name;
  }

  private static @Nullable AsciiString find(byte[] bytes, int start, int length) {
    int slot = hash(bytes, start, length);
    for (AsciiString candidate = TABLE[slot]; candidate != null; candidate = TABLE[slot]) {
      if (same(candidate, bytes, start, length)) {
        return candidate;
      }
      slot = (slot + 1) & (SIZE - 1);
    }
    return null;
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
