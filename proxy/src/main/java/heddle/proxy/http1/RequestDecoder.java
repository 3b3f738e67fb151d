package heddle.proxy.http1;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.util.AsciiString;
import io.netty.util.ReferenceCountUtil;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Decodes requests one at a time. While it is blocked, bytes that arrive stay undecoded, and after
 * the first of them nothing more is read: a pipelining client waits in its own buffers.
 */
public final class RequestDecoder extends HttpRequestDecoder {
  private static final byte CR = '\r';
  private static final byte LF = '\n';

  private final int maxHeaderBytes;
  private boolean blocked;
  private boolean inHead = true;
  private boolean lineSeen;
  private boolean receiving;
  private int depth;
  private int headBytes;
  private @Nullable ChannelHandlerContext context;

  /**
   * @param maxHeaderBytes of the request line and the headers together
   */
  public RequestDecoder(int maxHeaderBytes) {
    super(
        new HttpDecoderConfig()
            .setMaxInitialLineLength(maxHeaderBytes)
            .setMaxHeaderSize(maxHeaderBytes)
            .setHeadersFactory(HeaderBlock.FACTORY)
            .setTrailersFactory(HeaderBlock.FACTORY)
            .setMaxChunkSize(65536));
    this.maxHeaderBytes = maxHeaderBytes;
  }

  /** Stops decoding after the current request. */
  public void block() {
    blocked = true;
  }

  /** Decodes on, with what has arrived meanwhile. */
  public void unblock() {
    if (!blocked) {
      return;
    }
    blocked = false;
    ChannelHandlerContext ctx = context;
    if (ctx == null || ctx.isRemoved()) {
      return;
    }
    ctx.channel().config().setAutoRead(true);
    if (depth == 0 && actualReadableBytes() > 0) {
      // In a turn of its own: first the upstream's connection is looked at once more, so that what
      // came behind its response, or its close, is not taken for the next request's.
      ctx.executor().execute(() -> decodePipelined(ctx));
    }
  }

  private void decodePipelined(ChannelHandlerContext ctx) {
    if (!blocked && !ctx.isRemoved()) {
      decodeMore(ctx, Unpooled.EMPTY_BUFFER);
      ctx.fireChannelReadComplete();
    }
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) throws Exception {
    context = ctx;
    super.handlerAdded(ctx);
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    receiving = true;
    decodeMore(ctx, message);
    if (blocked && actualReadableBytes() > 0) {
      ctx.channel().config().setAutoRead(false);
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) throws Exception {
    receiving = false;
    super.channelReadComplete(ctx);
  }

  /** Whether the channel is being read now, so that the end of that read will still be told. */
  public boolean receiving() {
    return receiving;
  }

  private void decodeMore(ChannelHandlerContext ctx, Object message) {
    depth++;
    try {
      super.channelRead(ctx, message);
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException("cannot decode a request", e);
    } finally {
      depth--;
    }
  }

  @Override
  protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) throws Exception {
    if (blocked) {
      return;
    }
    if (inHead && (folded(in) || startsWithBlank(in))) {
      refuse(in, out, new IllegalArgumentException("a header line is folded"));
      return;
    }
    int from = in.readerIndex();
    int produced = out.size();
    super.decode(ctx, in, out);
    lineSeen = out.size() == produced;
    if (inHead) {
      headBytes += in.readerIndex() - from;
      checkHeadSize(in, out, produced);
    }
    if (!lineSeen) {
      inHead = out.getLast() instanceof LastHttpContent;
      headBytes = 0;
    }
  }

  private boolean startsWithBlank(ByteBuf in) {
    return !lineSeen && in.isReadable() && isBlank(in.getByte(in.readerIndex()));
  }

  /** Netty limits the request line and the headers each by itself. */
  private void checkHeadSize(ByteBuf in, List<Object> out, int produced) {
    int size = lineSeen ? headBytes + in.readableBytes() : headBytes;
    if (size > maxHeaderBytes) {
      while (out.size() > produced) {
        ReferenceCountUtil.release(out.removeLast());
      }
      refuse(in, out, new TooLongHttpHeaderException("a head of " + size + " bytes"));
    }
  }

  /**
   * Whether a header line goes on in the next one: obsolete, and read differently by different
   * parsers. Netty would join the lines.
   */
  private boolean folded(ByteBuf in) {
    int end = in.writerIndex();
    int at = in.readerIndex();
    if (lineSeen && at < end && isBlank(in.getByte(at))) {
      return true;
    }
    while (!lineSeen && at < end && (in.getByte(at) & 0xff) <= ' ') {
      at++; // Netty skips what stands before a request line
    }
    for (int lf = in.indexOf(at, end, LF); lf >= 0; lf = in.indexOf(lf + 1, end, LF)) {
      byte next = lf + 1 < end ? in.getByte(lf + 1) : CR;
      if (isBlank(next)) {
        return true;
      }
      if (next == CR || next == LF) {
        return false;
      }
    }
    return false;
  }

  private static boolean isBlank(byte b) {
    return b == ' ' || b == '\t';
  }

  private void refuse(ByteBuf in, List<Object> out, Exception why) {
    in.skipBytes(in.readableBytes());
    blocked = true;
    HttpMessage bad = createInvalidMessage();
    bad.setDecoderResult(DecoderResult.failure(why));
    out.add(bad);
  }

  /** Whether the next request has begun to arrive, but its head is not complete. */
  public boolean midRequest() {
    return lineSeen || actualReadableBytes() > 0;
  }

  @Override
  protected HttpMessage createMessage(String[] line) {
    return new DefaultHttpRequest(
        RequestLine.version(line[2], line[1]),
        RequestLine.method(line[0]),
        RequestLine.target(line[1]),
        HeaderBlock.FACTORY);
  }

  /** Netty's is of HTTP/1.0, which real messages may be of. */
  @Override
  protected HttpMessage createInvalidMessage() {
    return new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, "/", HeaderBlock.FACTORY);
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
