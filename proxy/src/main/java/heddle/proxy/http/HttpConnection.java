package heddle.proxy.http;

import heddle.proxy.http1.Framing;
import heddle.proxy.http1.HeaderBlock;
import heddle.proxy.http1.RequestDecoder;
import heddle.proxy.stats.ResponseTally;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One downstream HTTP/1.1 connection: requests one after another, each an {@link Exchange}. Sits
 * behind a {@link RequestDecoder}; writes encoded bytes.
 */
public final class HttpConnection extends ChannelInboundHandlerAdapter {
  private final HttpEnvironment environment;
  private final HcmConfig config;
  private final HcmStats stats;
  private final ResponseTally listener;
  private final Downstream downstream;
  private final RequestChecks checks;
  private final Router router;
  private final RequestDecoder decoder;
  private final StreamTimers timers;
  private final KeepAlive keepAlive;
  private final long createdNanos;
  private @Nullable ChannelHandlerContext context;
  private @Nullable Exchange exchange;
  private boolean headBegun;
  private long headNanos;
  private boolean closing;
  private boolean closedLocally;
  private boolean upgraded;

  /**
   * @param listener counts the responses of the listener that accepted the connection
   * @param listenerDrain whether the listener that accepted the connection is going away
   * @param destination where the client wanted to go (before a redirect rule caught it)
   */
  public HttpConnection(
      HttpEnvironment environment,
      HcmConfig config,
      Channel channel,
      ResponseTally listener,
      Drain listenerDrain,
      InetSocketAddress destination) {
    this.environment = environment;
    this.config = config;
    this.stats = environment.hcm(config.statPrefix());
    this.listener = listener;
    this.downstream = Downstream.of(environment.nextConnectionId(), channel, destination);
    this.checks = new RequestChecks(config, stats);
    this.router = new Router(config, stats, environment);
    this.decoder = new RequestDecoder(config.maxHeaderBytes());
    var loop = channel.eventLoop();
    var ticker = environment.ticker();
    this.timers = new StreamTimers(loop, ticker, this::exchange);
    this.keepAlive =
        new KeepAlive(
            config, stats, environment.drain(), listenerDrain, loop, ticker, this::drained);
    this.createdNanos = ticker.nanoTime();
  }

  /** What decodes this connection's bytes; stands before it in the pipeline. */
  public ChannelHandler decoder() {
    return decoder;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    context = ctx;
    stats.downstreamCxTotal.inc();
    stats.downstreamCxHttp1Total.inc();
    stats.downstreamCxActive.inc();
    keepAlive.idle();
  }

  private void close() {
    closing = true;
    closedLocally = true;
    ctx().close();
  }

  private ChannelHandlerContext ctx() {
    if (context == null) {
      throw new IllegalStateException("used before it joined a pipeline");
    }
    return context;
  }

  /** The request whose time is up, even if no more than the first bytes of its head are here. */
  private Exchange exchange() {
    if (exchange == null) {
      if (!headBegun) {
        throw new IllegalStateException("a request's timer fired without a request");
      }
      exchange = unread();
    }
    return exchange;
  }

  private Exchange unread() {
    headBegun = false;
    return new Exchange(this, Request.unread(), headNanos);
  }

  HttpEnvironment environment() {
    return environment;
  }

  HcmConfig config() {
    return config;
  }

  HcmStats stats() {
    return stats;
  }

  void count(int status) {
    stats.downstreamRqResponses.inc(status);
    listener.inc(status);
  }

  RequestChecks checks() {
    return checks;
  }

  Router router() {
    return router;
  }

  KeepAlive keepAlive() {
    return keepAlive;
  }

  StreamTimers timers() {
    return timers;
  }

  Downstream downstream() {
    return downstream;
  }

  EventLoop loop() {
    return ctx().channel().eventLoop();
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (upgraded && message instanceof ByteBuf) {
      ctx.fireChannelRead(message);
    } else if (closing || upgraded) {
      ReferenceCountUtil.release(message);
    } else if (message instanceof HttpRequest request) {
      begin(request);
    } else if (message instanceof HttpContent content) {
      content(content);
    } else {
      ReferenceCountUtil.release(message);
    }
  }

  /**
   * A request exists from its first byte on. Mostly its head comes at once; here it does not, and
   * its time runs already.
   */
  private void noticeHead() {
    if (exchange == null && !headBegun && !closing && !upgraded && decoder.midRequest()) {
      headBegun = true;
      arrived();
      timers.startIdle(config.streamIdleTimeout());
      timers.startRequest(config.requestTimeout());
      timers.startHead(config.requestHeadersTimeout());
    }
  }

  private void arrived() {
    headNanos = environment.ticker().nanoTime();
    keepAlive.requestBegins();
    stats.downstreamRqTotal.inc();
    stats.downstreamRqHttp1Total.inc();
    stats.downstreamRqActive.inc();
    timers.startDuration(config.maxStreamDuration());
  }

  private void begin(HttpRequest message) {
    if (headBegun) {
      headBegun = false;
      timers.endHead();
    } else {
      arrived();
    }
    var request = new Request(message);
    LocalReply refusal =
        message.decoderResult().isFailure()
            ? checks.malformed(message)
            : checks.badMessage(request);
    if (refusal != null) {
      exchange = new Exchange(this, Request.unread(), headNanos);
      exchange.protocolError(refusal);
      return;
    }
    var next = new Exchange(this, request, headNanos);
    exchange = next;
    if (next.requestComplete()) {
      decoder.block();
    }
    next.start();
  }

  private void content(HttpContent content) {
    Exchange current = exchange;
    if (current == null || current.requestComplete()) {
      content.release();
      return;
    }
    if (content.decoderResult().isFailure()) {
      content.release();
      current.protocolError(LocalReply.protocolError(400, "http1.codec_error"));
      return;
    }
    boolean last = content instanceof LastHttpContent;
    if (last) {
      decoder.block();
    }
    if (content.content().isReadable()) {
      current.onRequestBody(content.content());
    } else {
      content.release();
    }
    if (last && exchange == current) {
      current.onRequestEnd();
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    if (upgraded) {
      ctx.fireChannelReadComplete();
    } else if (exchange != null) {
      exchange.onRequestReadComplete();
    } else {
      noticeHead();
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event != Drain.CLOSE_WHEN_IDLE || upgraded) {
      ctx.fireUserEventTriggered(event);
      return;
    }
    keepAlive.onlyWhileBusy();
    // What the kernel holds already is read first: a request that was on its way is answered.
    ctx.executor().execute(this::closeIfIdle);
  }

  private void closeIfIdle() {
    if (isIdle()) {
      stats.downstreamCxDrainClose.inc();
      close();
    }
  }

  private boolean isIdle() {
    return exchange == null && !closing && !upgraded && !decoder.midRequest();
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    if (upgraded) {
      ctx.fireChannelWritabilityChanged();
    } else if (exchange != null) {
      exchange.onDownstreamWritable(ctx.channel().isWritable());
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    Exchange current = headBegun ? unread() : exchange;
    exchange = null;
    timers.close();
    keepAlive.close();
    stats.downstreamCxActive.dec();
    stats.downstreamCxDestroy.inc();
    (closedLocally ? stats.downstreamCxDestroyLocal : stats.downstreamCxDestroyRemote).inc();
    stats.downstreamCxLengthMs.record(
        TimeUnit.NANOSECONDS.toMillis(environment.ticker().nanoTime() - createdNanos));
    if (upgraded) {
      ctx.fireChannelInactive();
    }
    if (current != null) {
      if (!upgraded) {
        stats.downstreamCxDestroyActiveRq.inc();
        stats.downstreamCxDestroyRemoteActiveRq.inc();
      }
      current.onDownstreamClosed();
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    ctx.close(); // a reset by the client ends like a close: channelInactive follows
  }

  /** Writes a response's head. */
  void writeHead(HttpResponseStatus status, HttpHeaders headers, Framing framing) {
    write(environment.heads().response(ctx().alloc(), status, (HeaderBlock) headers, framing));
  }

  /** Writes bytes; takes the buffer over. */
  void write(ByteBuf data) {
    ctx().write(data, ctx().voidPromise());
  }

  ByteBufAllocator alloc() {
    return ctx().alloc();
  }

  void flush() {
    ctx().flush();
  }

  boolean writable() {
    return ctx().channel().isWritable();
  }

  /** Whether more of the request may follow before {@link Exchange#onRequestReadComplete}. */
  boolean receiving() {
    return decoder.receiving();
  }

  /** Pauses or resumes reading the request. */
  void reading(boolean on) {
    ctx().channel().config().setAutoRead(on);
  }

  /** An interim answer to {@code Expect}. */
  void writeContinue() {
    writeHead(HttpResponseStatus.CONTINUE, new HeaderBlock(), Framing.AS_IS);
    flush();
  }

  /**
   * The current request is answered.
   *
   * @param close no other may follow
   * @param atOnce the client need not be waited for then: nothing of the request is missing
   */
  void exchangeDone(boolean close, boolean atOnce) {
    timers.clear();
    exchange = null;
    if (close || keepAlive.closing()) {
      if (atOnce && !keepAlive.draining()) {
        closeFlushed();
      } else {
        closeLate();
      }
      return;
    }
    flush();
    keepAlive.idle();
    decoder.unblock();
    noticeHead();
    if (keepAlive.isOnlyWhileBusy()) {
      closeIfIdle();
    }
  }

  private void drained() {
    if (isIdle()) {
      closeLate();
    }
  }

  /**
   * Gives the client a moment to read what was sent and to leave, before the connection is closed
   * under it. Envoy: {@code delayed_close_timeout}.
   */
  private void closeLate() {
    closing = true;
    long delayNanos = config.delayedCloseTimeout().toNanos();
    if (delayNanos > 0) {
      decoder.unblock();
      reading(true);
      loop().schedule(this::lingeredLongEnough, delayNanos, TimeUnit.NANOSECONDS);
      flush();
    } else {
      closeFlushed();
    }
  }

  private void closeFlushed() {
    closing = true;
    closedLocally = true;
    ctx().writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
  }

  private void lingeredLongEnough() {
    if (ctx().channel().isActive()) {
      stats.downstreamCxDelayedCloseTimeout.inc();
      close();
    }
  }

  /** After a 101: hands the connection's bytes to {@code tunnel}. */
  Channel upgrade(ChannelHandler tunnel) {
    upgraded = true;
    stats.downstreamCxUpgradesTotal.inc();
    timers.clear();
    var pipeline = ctx().pipeline();
    pipeline.addLast(tunnel);
    ctx().channel().config().setAutoRead(true);
    pipeline.remove(decoder);
    return ctx().channel();
  }
}
