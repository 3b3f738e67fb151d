package heddle.proxy.http1;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.AsciiString;
import java.nio.charset.StandardCharsets;

/** Chunks of HTTP/1.1 bodies, and what headers say about framing. */
public final class H1 {
  public static final AsciiString CONNECTION = KnownNames.named("connection");
  public static final AsciiString PROXY_CONNECTION = KnownNames.named("proxy-connection");
  public static final AsciiString CONTENT_LENGTH = KnownNames.named("content-length");
  public static final AsciiString TRANSFER_ENCODING = KnownNames.named("transfer-encoding");
  public static final AsciiString CHUNKED = AsciiString.cached("chunked");
  public static final AsciiString CLOSE = AsciiString.cached("close");

  private static final int CRLF = ('\r' << 8) | '\n';
  private static final ByteBuf LAST_CHUNK =
      Unpooled.unreleasableBuffer(
              Unpooled.directBuffer(5).writeBytes("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII)))
          .asReadOnly();
  private static final ByteBuf CHUNK_END =
      Unpooled.unreleasableBuffer(Unpooled.directBuffer(2).writeShort(CRLF)).asReadOnly();

  private H1() {}

  /** The bytes that go before a chunk of that size. */
  public static ByteBuf chunkStart(io.netty.buffer.ByteBufAllocator alloc, int size) {
    ByteBuf start = alloc.directBuffer(10);
    ByteBufUtil.writeAscii(start, Integer.toHexString(size));
    return start.writeShort(CRLF);
  }

  /** The bytes that go after a chunk. */
  public static ByteBuf chunkEnd() {
    return CHUNK_END.duplicate();
  }

  /** The last chunk, without trailers. */
  public static ByteBuf lastChunk() {
    return LAST_CHUNK.duplicate();
  }

  /** Whether the body comes in chunks. */
  public static boolean chunked(HeaderBlock headers) {
    CharSequence encoding = headers.first(TRANSFER_ENCODING);
    return encoding != null && CHUNKED.contentEqualsIgnoreCase(encoding);
  }

  /** Whether the sender closes the connection after this message. */
  public static boolean closes(HttpMessage message) {
    var headers = (HeaderBlock) message.headers();
    boolean old = message.protocolVersion().equals(HttpVersion.HTTP_1_0);
    CharSequence proxy = headers.first(PROXY_CONNECTION);
    if (proxy != null && hasElement(proxy, "close")) {
      return true;
    }
    for (int i = headers.find(CONNECTION, 0); i >= 0; i = headers.find(CONNECTION, i + 1)) {
      if (hasElement(headers.value(i), "close")) {
        return true;
      }
      if (old && hasElement(headers.value(i), "keep-alive")) {
        return false;
      }
    }
    return old;
  }

  /** Whether a comma-separated list has an element, whatever its case. */
  public static boolean hasElement(CharSequence list, String element) {
    int length = list.length();
    int start = 0;
    while (start < length) {
      int end = start;
      while (end < length && list.charAt(end) != ',') {
        end++;
      }
      int from = start;
      int to = end;
      while (from < to && isSpace(list.charAt(from))) {
        from++;
      }
      while (to > from && isSpace(list.charAt(to - 1))) {
        to--;
      }
      if (to - from == element.length()
          && AsciiString.regionMatches(list, true, from, element, 0, element.length())) {
        return true;
      }
      start = end + 1;
    }
    return false;
  }

  private static boolean isSpace(char c) {
    return c == ' ' || c == '\t';
  }

  /** Whether a byte may stand in a header name or a method. */
  static boolean isToken(byte b) {
    return (b >= 'a' && b <= 'z')
        || (b >= 'A' && b <= 'Z')
        || (b >= '0' && b <= '9')
        || b == '-'
        || "!#$%&'*+.^_`|~".indexOf(b) >= 0;
  }
}
