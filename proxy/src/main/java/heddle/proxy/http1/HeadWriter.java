package heddle.proxy.http1;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.util.AsciiString;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Encodes the heads of messages, each into an array first and from there into its buffer at once: a
 * byte at a time into direct memory is slow. One per event loop and user; not for two threads.
 */
public final class HeadWriter {
  private static final byte[] REQUEST_END = " HTTP/1.1\r\n".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] CHUNKED =
      "transfer-encoding: chunked\r\n".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] EMPTY = "content-length: 0\r\n".getBytes(StandardCharsets.US_ASCII);

  private byte[] bytes = new byte[2048];
  private int size;

  /** A request line and headers. */
  public ByteBuf request(
      ByteBufAllocator alloc,
      HttpMethod method,
      String path,
      HeaderBlock headers,
      Framing framing) {
    size = 0;
    ascii(method.asciiName());
    room(1);
    bytes[size++] = ' ';
    text(path);
    raw(REQUEST_END);
    return finish(alloc, headers, framing);
  }

  /** A status line and headers. */
  public ByteBuf response(
      ByteBufAllocator alloc, HttpResponseStatus status, HeaderBlock headers, Framing framing) {
    size = 0;
    raw(StatusLine.of(status.code()));
    return finish(alloc, headers, framing);
  }

  private ByteBuf finish(ByteBufAllocator alloc, HeaderBlock headers, Framing framing) {
    for (int i = 0; i < headers.count(); i++) {
      ascii(headers.name(i));
      room(2);
      bytes[size++] = ':';
      bytes[size++] = ' ';
      CharSequence value = headers.value(i);
      if (value instanceof AsciiString ascii) {
        ascii(ascii);
      } else {
        text(value.toString());
      }
      lineEnd();
    }
    switch (framing) {
      case AS_IS -> {}
      case CHUNKED -> raw(CHUNKED);
      case EMPTY -> raw(EMPTY);
    }
    lineEnd();
    return alloc.directBuffer(size).writeBytes(bytes, 0, size);
  }

  private void lineEnd() {
    room(2);
    bytes[size++] = '\r';
    bytes[size++] = '\n';
  }

  private void raw(byte[] text) {
    room(text.length);
    System.arraycopy(text, 0, bytes, size, text.length);
    size += text.length;
  }

  private void ascii(AsciiString text) {
    int length = text.length();
    room(length);
    System.arraycopy(text.array(), text.arrayOffset(), bytes, size, length);
    size += length;
  }

  /** Latin-1, as headers were decoded; what is beyond becomes a question mark. */
  private void text(String text) {
    int length = text.length();
    room(length);
    byte[] to = bytes;
    int at = size;
    for (int i = 0; i < length; i++) {
      char c = text.charAt(i);
      to[at + i] = c <= 0xff ? (byte) c : (byte) '?';
    }
    size += length;
  }

  private void room(int more) {
    if (bytes.length - size < more) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, size + more));
    }
  }
}
