package heddle.proxy.http1;

import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpHeadersFactory;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseDecoder;
import io.netty.util.AsciiString;

/** Decodes the responses of one connection; knows what was asked, so HEAD has no body. */
public final class ResponseDecoder extends HttpResponseDecoder {
  private static final int MAX_HEADER_BYTES = 80 * 1024;

  private HttpMethod method = HttpMethod.GET;
  private boolean headOnly;
  private boolean informational;

  public ResponseDecoder(HttpHeadersFactory headers) {
    super(
        new HttpDecoderConfig()
            .setMaxInitialLineLength(MAX_HEADER_BYTES)
            .setMaxHeaderSize(MAX_HEADER_BYTES)
            .setHeadersFactory(headers)
            .setTrailersFactory(headers)
            .setMaxChunkSize(65536));
  }

  /** The next response answers this method. */
  public void expect(HttpMethod next) {
    method = next;
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

  @Override
  protected boolean isContentAlwaysEmpty(HttpMessage message) {
    int status = message instanceof HttpResponse response ? response.status().code() : 0;
    informational = status >= 100 && status < 200 && status != 101;
    boolean empty =
        method.equals(HttpMethod.HEAD) || status == 101 || super.isContentAlwaysEmpty(message);
    CharSequence length = ((HeaderBlock) message.headers()).first(H1.CONTENT_LENGTH);
    headOnly = empty || (length != null && length.length() == 1 && length.charAt(0) == '0');
    return empty;
  }

  @Override
  protected AsciiString splitHeaderName(byte[] line, int start, int length) {
    return KnownNames.read(line, start, length);
  }

  @Override
  protected void handleTransferEncodingChunkedWithContentLength(HttpMessage message) {
    throw new IllegalArgumentException("both content-length and transfer-encoding");
  }
}
