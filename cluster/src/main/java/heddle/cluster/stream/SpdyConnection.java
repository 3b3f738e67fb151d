package heddle.cluster.stream;

import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandler;
import io.netty.handler.codec.spdy.DefaultSpdySynReplyFrame;
import io.netty.handler.codec.spdy.SpdyDataFrame;
import io.netty.handler.codec.spdy.SpdyFrameCodec;
import io.netty.handler.codec.spdy.SpdyGoAwayFrame;
import io.netty.handler.codec.spdy.SpdyHeadersFrame;
import io.netty.handler.codec.spdy.SpdyPingFrame;
import io.netty.handler.codec.spdy.SpdyRstStreamFrame;
import io.netty.handler.codec.spdy.SpdySynReplyFrame;
import io.netty.handler.codec.spdy.SpdySynStreamFrame;
import io.netty.handler.codec.spdy.SpdyVersion;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * The server's side of a SPDY/3.1 connection as moby/spdystream, hence kubectl, speaks it: the
 * client opens streams, either side may finish its half, and nobody sends or heeds window updates
 * (which is why Netty's session handler cannot be used here).
 */
public final class SpdyConnection {
  private static final int STREAM_LIMIT = 4096;

  private final InputStream in;
  private final FrameCodec codec;
  private final Consumer<SpdyStream> opened;
  private final Map<Integer, SpdyStream> streams = new ConcurrentHashMap<>();

  /**
   * @param opened is told of each new stream, on the thread of {@link #run()}, after it was
   *     acknowledged; must not block
   */
  public SpdyConnection(InputStream in, OutputStream out, Consumer<SpdyStream> opened) {
    this.in = in;
    this.opened = opened;
    this.codec = new FrameCodec(List.of(spdy()), List.of(spdy()), out);
  }

  private static ChannelHandler spdy() {
    return new SpdyFrameCodec(SpdyVersion.SPDY_3_1);
  }

  /**
   * Reads until the client closes the connection or says goodbye. Then the inputs of all streams
   * end.
   *
   * @throws IOException when the client breaks the protocol
   */
  public void run() throws IOException {
    byte[] buffer = new byte[32 * 1024];
    try {
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        for (Object frame : codec.decode(buffer, count)) {
          try {
            if (frame instanceof SpdyGoAwayFrame) {
              return;
            }
            handle(frame);
          } finally {
            ReferenceCountUtil.release(frame);
          }
        }
      }
    } finally {
      streams.values().forEach(SpdyStream::cut);
    }
  }

  private void handle(Object frame) throws IOException {
    switch (frame) {
      case SpdySynStreamFrame syn -> open(syn);
      case SpdyDataFrame data -> {
        SpdyStream stream = streams.get(data.streamId());
        if (stream != null) {
          stream.received(ByteBufUtil.getBytes(data.content()), data.isLast());
        }
      }
      case SpdyRstStreamFrame reset -> {
        SpdyStream stream = streams.remove(reset.streamId());
        if (stream != null) {
          stream.cut();
        }
      }
      case SpdyPingFrame ping -> codec.send(ping);
      default -> {
        // Settings, window updates and further headers mean nothing to this peer.
      }
    }
  }

  private void open(SpdySynStreamFrame syn) throws IOException {
    if (streams.size() >= STREAM_LIMIT) {
      throw new IOException("more than " + STREAM_LIMIT + " streams on one connection");
    }
    if (syn.isInvalid() || syn.isTruncated()) {
      throw new IOException("the headers of stream " + syn.streamId() + " are malformed");
    }
    var stream = new SpdyStream(syn.streamId(), headers(syn), codec);
    streams.put(syn.streamId(), stream);
    codec.send(reply(stream, syn.streamId()));
    if (syn.isLast()) {
      stream.received(new byte[0], true);
    }
    opened.accept(stream);
  }

  /** With a header, since Netty writes no block at all for none, which Go cannot read. */
  private static SpdySynReplyFrame reply(SpdyStream stream, int id) {
    var reply = new DefaultSpdySynReplyFrame(id);
    reply.headers().set("streamtype", stream.header("streamtype"));
    return reply;
  }

  /** Forgets a stream that is finished on both sides. */
  public void forget(SpdyStream stream) {
    streams.values().remove(stream);
  }

  private static Map<String, String> headers(SpdyHeadersFrame frame) {
    var headers = new HashMap<String, String>();
    frame
        .headers()
        .forEach(
            entry ->
                headers.put(
                    entry.getKey().toString().toLowerCase(Locale.ROOT),
                    entry.getValue().toString()));
    return headers;
  }
}
