package heddle.proxy.upstream;

import heddle.proxy.http1.Framing;
import heddle.proxy.http1.H1;
import heddle.proxy.http1.HeaderBlock;
import heddle.proxy.http1.ResponseDecoder;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One HTTP/1.1 connection to a host; carries one request at a time. */
public final class UpstreamConnection extends ChannelInboundHandlerAdapter {
  private final HttpPool pool;
  private final Cluster cluster;
  private final ResponseDecoder decoder;
  private final long createdNanos;
  private @Nullable SocketChannel channel;
  private @Nullable UpstreamStream stream;
  private boolean connected;
  private boolean requestComplete;
  private boolean responseBegun;
  private boolean responseComplete;
  private boolean closeAfterResponse;
  private boolean closingLocally;
  private boolean upgraded;
  private boolean paused;
  private int generation;
  private int requests;
  private long idleSinceNanos;

  UpstreamConnection(HttpPool pool) {
    this.pool = pool;
    this.cluster = pool.cluster();
    this.decoder = new ResponseDecoder(HeaderBlock.FACTORY);
    this.createdNanos = cluster.ticker().nanoTime();
  }

  /** Connects; a connection counts from here on, whatever becomes of it. */
  void open() {
    var stats = cluster.stats();
    stats.upstreamCxTotal.inc();
    stats.upstreamCxHttp1Total.inc();
    stats.upstreamCxActive.inc();
    Dial.to(pool.host().address(), cluster, new Dialled(), decoder, this);
  }

  private final class Dialled implements Dial.Result {
    @Override
    public void connected(SocketChannel socket) {
      channel = socket;
      connected = true;
      cluster.stats().upstreamCxConnectMs.record(ageMillis());
      pool.connected(UpstreamConnection.this);
    }

    @Override
    public void failed(Reset reason, String detail) {
      var stats = cluster.stats();
      if (reason == Reset.CONNECT_TIMEOUT) {
        stats.upstreamCxConnectTimeout.inc();
      }
      stats.upstreamCxConnectFail.inc();
      stats.upstreamCxActive.dec();
      stats.upstreamCxDestroy.inc();
      (reason == Reset.REMOTE_CONNECT_FAILURE
              ? stats.upstreamCxDestroyRemote
              : stats.upstreamCxDestroyLocal)
          .inc();
      pool.connectFailed(UpstreamConnection.this, reason, detail);
    }
  }

  private long ageMillis() {
    return TimeUnit.NANOSECONDS.toMillis(cluster.ticker().nanoTime() - createdNanos);
  }

  EventLoop loop() {
    return cluster.loop();
  }

  /** It was established in this generation of its pool's connections. */
  void belongTo(int current) {
    generation = current;
  }

  int generation() {
    return generation;
  }

  boolean isOpen() {
    return channel != null && channel.isActive();
  }

  void idle() {
    idleSinceNanos = cluster.ticker().nanoTime();
  }

  /** When it became idle, on the cluster's ticker. */
  long idleSinceNanos() {
    return idleSinceNanos;
  }

  /** The host at the other end. */
  public Host host() {
    return pool.host();
  }

  void begin(UpstreamStream next) {
    stream = next;
    requestComplete = false;
    responseBegun = false;
    responseComplete = false;
    closeAfterResponse = false;
    requests++;
    int max = cluster.config().maxRequestsPerConnection();
    if (max > 0 && requests >= max) {
      cluster.stats().upstreamCxMaxRequests.inc();
      closeAfterResponse = true;
    }
  }

  private Channel channel() {
    if (channel == null) {
      throw new IllegalStateException("used before it was opened");
    }
    return channel;
  }

  /** Sends the request's head; body and end follow with {@link #write} and {@link #end}. */
  public void head(HttpMethod method, String path, HeaderBlock headers, Framing framing) {
    decoder.expect(method, stream != null && stream.wantsUpgrade());
    write(cluster.heads().request(channel().alloc(), method, path, headers, framing));
  }

  /** Sends bytes (framed already); takes the buffer over. */
  public void write(ByteBuf data) {
    cluster.stats().upstreamCxTxBytes.add(data.readableBytes());
    channel().write(data, channel().voidPromise());
  }

  /** The request is complete. */
  public void end() {
    requestComplete = true;
    flush();
    finishIfComplete();
  }

  /** Hands what was written to the kernel. */
  public void flush() {
    channel().flush();
  }

  /** Whether more bytes may be written now. */
  public boolean isWritable() {
    return channel().isWritable();
  }

  /** Pauses or resumes reading the response. */
  public void reading(boolean on) {
    paused = !on;
    channel().config().setAutoRead(on);
  }

  /** The connection's local address, for access logs. */
  public java.net.@Nullable SocketAddress localAddress() {
    return channel().localAddress();
  }

  /**
   * After a 101: takes this connection out of HTTP and gives its bytes to {@code tunnel}; the
   * request stays counted until the channel closes.
   */
  public Channel upgrade(io.netty.channel.ChannelHandler tunnel) {
    upgraded = true;
    var pipeline = channel().pipeline();
    pipeline.addLast(tunnel);
    pipeline.remove(decoder);
    return channel();
  }

  /** Gives up the request: the connection is closed, because its state is unknown. */
  public void reset() {
    if (stream != null) {
      stream = null;
      destroyedWithActiveRequest(true);
      closingLocally = true;
      pool.requestEnded(this, false);
    }
  }

  void close() {
    closingLocally |= channel().isActive();
    channel().close();
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (upgraded && message instanceof ByteBuf) {
      ctx.fireChannelRead(message);
      return;
    }
    UpstreamStream current = stream;
    if (upgraded) {
      ReferenceCountUtil.release(message); // the end of the 101 itself
      return;
    }
    if (current == null) {
      ReferenceCountUtil.release(message);
      if (message instanceof HttpResponse && requestComplete && responseComplete) {
        unasked();
      } else {
        close();
      }
      return;
    }
    if (message instanceof HttpResponse response) {
      head(current, response);
    } else if (message instanceof HttpContent content) {
      body(current, content);
    } else {
      ReferenceCountUtil.release(message);
    }
  }

  /** Bytes of a response nobody asked for: they must not answer the next request. */
  private void unasked() {
    cluster.stats().upstreamCxProtocolError.inc();
    close();
  }

  private void head(UpstreamStream current, HttpResponse response) {
    if (response.decoderResult().isFailure()) {
      protocolError(current);
      return;
    }
    int status = response.status().code();
    if (status < 200 && status != 101) {
      current.onInformational(response);
      return;
    }
    if (H1.closes(response)) {
      closeAfterResponse = true;
      cluster.stats().upstreamCxCloseNotify.inc();
    }
    responseBegun = true;
    current.onHead(response, decoder.headOnly());
  }

  private void body(UpstreamStream current, HttpContent content) {
    if (content.decoderResult().isFailure()) {
      content.release();
      protocolError(current);
      return;
    }
    ByteBuf data = content.content();
    if (data.isReadable()) {
      cluster.stats().upstreamCxRxBytes.add(data.readableBytes());
      current.onBody(data);
    } else {
      data.release();
    }
    if (content instanceof LastHttpContent && !decoder.informational()) {
      responseComplete = true;
      if (stream == current) {
        finish(current);
      }
    }
  }

  private void finish(UpstreamStream current) {
    if (requestComplete) {
      stream = null;
      if (paused) {
        reading(true);
      }
      pool.requestEnded(this, !closeAfterResponse);
    } else {
      // The upstream answered before it had the whole request: its connection cannot be reused.
      reset();
    }
    current.onEnd();
  }

  private void finishIfComplete() {
    if (responseComplete && stream != null) {
      finish(stream);
    }
  }

  private void protocolError(UpstreamStream current) {
    cluster.stats().upstreamCxProtocolError.inc();
    closingLocally = isOpen(); // else it was cut off amid a head
    destroyedWithActiveRequest(closingLocally);
    stream = null;
    pool.requestEnded(this, false);
    current.onReset(Reset.PROTOCOL_ERROR);
  }

  private void destroyedWithActiveRequest(boolean local) {
    var stats = cluster.stats();
    stats.upstreamCxDestroyWithActiveRq.inc();
    (local ? stats.upstreamCxDestroyLocalWithActiveRq : stats.upstreamCxDestroyRemoteWithActiveRq)
        .inc();
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    if (upgraded) {
      ctx.fireChannelReadComplete();
    } else if (stream != null) {
      stream.onReadComplete();
    } else if (decoder.hasLeftover()) {
      unasked();
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    if (upgraded) {
      ctx.fireChannelWritabilityChanged();
    } else if (stream != null) {
      stream.onWritabilityChanged(ctx.channel().isWritable());
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    if (!connected) {
      return;
    }
    connected = false;
    var stats = cluster.stats();
    stats.upstreamCxActive.dec();
    stats.upstreamCxDestroy.inc();
    (closingLocally ? stats.upstreamCxDestroyLocal : stats.upstreamCxDestroyRemote).inc();
    stats.upstreamCxLengthMs.record(ageMillis());
    UpstreamStream current = stream;
    if (current != null) {
      stream = null;
      if (!upgraded) {
        destroyedWithActiveRequest(closingLocally);
      }
      pool.requestEnded(this, false);
    }
    pool.closed(this);
    if (upgraded) {
      ctx.fireChannelInactive();
    } else if (current != null) {
      lost(current);
    }
  }

  /** Envoy's parser calls an end amid a response no message, whether it came by FIN or by RST. */
  private void lost(UpstreamStream current) {
    if (responseBegun) {
      cluster.stats().upstreamCxProtocolError.inc();
      current.onReset(Reset.PROTOCOL_ERROR);
    } else {
      current.onReset(Reset.CONNECTION_TERMINATION);
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    ctx.close(); // a reset by the peer ends like a close: channelInactive follows
  }
}
