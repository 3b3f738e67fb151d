package heddle.proxy.http1;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpHeadersFactory;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseDecoder;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.AsciiString;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Decodes the responses of one connection; knows what was asked, so HEAD has no body. */
public final class ResponseDecoder extends HttpResponseDecoder {
  private static final int MAX_HEADER_BYTES = 80 * 1024;

  private HttpMethod method = HttpMethod.GET;
  private boolean headOnly;
  private boolean informational;
  private boolean expecting;
  private boolean mayUpgrade;

  public ResponseDecoder(HttpHeadersFactory headers) {
    super(
        new HttpDecoderConfig()
            .setMaxInitialLineLength(MAX_HEADER_BYTES)
            .setMaxHeaderSize(MAX_HEADER_BYTES)
            .setHeadersFactory(headers)
            .setTrailersFactory(headers)
            .setMaxChunkSize(65536));
  }

  /**
   * The next response answers this method.
   *
   * @param upgrade whether the request asked for another protocol
   */
  public void expect(HttpMethod next, boolean upgrade) {
    method = next;
    mayUpgrade = upgrade;
    expecting = true;
  }

  /** Whether the latest response head has no body. */
  public boolean headOnly() {
    return headOnly;
  }

  /** Whether the latest response head is a 1xx that another one follows. */
  public boolean informational() {
    return informational;
  }

  /** Whether bytes are here that belong to no response that was asked for. */
  public boolean hasLeftover() {
    return actualReadableBytes() > 0;
  }

  /** What comes before a request or behind its response stays as it is: it answers nobody. */
  @Override
  protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) throws Exception {
    if (!expecting) {
      return;
    }
    super.decode(ctx, in, out);
    if (!out.isEmpty() && out.getLast() instanceof LastHttpContent && !informational) {
      expecting = false;
    }
  }

  @Override
  protected HttpMessage createMessage(String[] line) {
    if (!line[0].startsWith("HTTP/") || line[2].indexOf(0) >= 0) {
      throw new IllegalArgumentException("no status line of HTTP/1.x");
    }
    HttpMessage message = super.createMessage(line);
    int status = message instanceof HttpResponse response ? response.status().code() : 0;
    if (status < 100 || status > 999) {
      throw new IllegalArgumentException("status " + status + " (expected: three digits)");
    }
    return message;
  }

  /** Only what was asked for ends HTTP on a connection; otherwise 101 is a status like others. */
  @Override
  protected boolean isSwitchingToNonHttp1Protocol(HttpResponse message) {
    return mayUpgrade && super.isSwitchingToNonHttp1Protocol(message);
  }

  @Override
  protected boolean isContentAlwaysEmpty(HttpMessage message) {
    int status = message instanceof HttpResponse response ? response.status().code() : 0;
    informational = status >= 100 && status < 200 && status != 101;
    boolean empty =
        method.equals(HttpMethod.HEAD) || status == 101 || super.isContentAlwaysEmpty(message);
    CharSequence length = ((HeaderBlock) message.headers()).first(H1.CONTENT_LENGTH);
    checkFraming((HeaderBlock) message.headers(), status, length);
    headOnly = empty || (length != null && length.length() == 1 && length.charAt(0) == '0');
    return empty;
  }

  /** Framing that somebody else might read differently. Source: Envoy 1.40. */
  private void checkFraming(HeaderBlock headers, int status, @Nullable CharSequence length) {
    int encoding = headers.find(H1.TRANSFER_ENCODING, 0);
    boolean odd =
        encoding >= 0
            && (headers.find(H1.TRANSFER_ENCODING, encoding + 1) >= 0
                || !H1.CHUNKED.contentEqualsIgnoreCase(headers.value(encoding)));
    boolean noBody = status < 200 || status == 204;
    boolean withLength = length != null && !AsciiString.contentEquals(length, "0");
    if (odd || (noBody && (encoding >= 0 || withLength))) {
      throw new IllegalArgumentException("framing that a response with " + status + " has not");
    }
  }

  /** Netty looks past blanks for the colon. */
  @Override
  protected AsciiString splitHeaderName(byte[] line, int start, int length) {
    int end = start + length;
    if (end < line.length && (line[end] == ' ' || line[end] == '\t')) {
      throw new IllegalArgumentException("header name with a blank behind it");
    }
    return KnownNames.read(line, start, length);
  }

  @Override
  protected void handleTransferEncodingChunkedWithContentLength(HttpMessage message) {
    throw new IllegalArgumentException("both content-length and transfer-encoding");
  }
}
