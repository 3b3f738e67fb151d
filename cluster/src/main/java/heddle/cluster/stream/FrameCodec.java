package heddle.cluster.stream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandler;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;

/**
 * Netty's frame codecs without an event loop: bytes in, frames out, and the other way round. One
 * thread decodes; any may send.
 */
final class FrameCodec {
  private final EmbeddedChannel decoder;
  private final EmbeddedChannel encoder;
  private final OutputStream out;

  /**
   * @param decoder handlers that turn bytes into frames
   * @param encoder handlers that turn frames into bytes
   * @param out receives what is sent, flushed after each frame
   */
  FrameCodec(List<ChannelHandler> decoder, List<ChannelHandler> encoder, OutputStream out) {
    this.decoder = new EmbeddedChannel(decoder.toArray(ChannelHandler[]::new));
    this.encoder = new EmbeddedChannel(encoder.toArray(ChannelHandler[]::new));
    this.out = out;
  }

  /** The frames that these bytes complete. Reference-counted ones are the caller's to release. */
  List<Object> decode(byte[] bytes, int length) throws IOException {
    try {
      decoder.writeInbound(Unpooled.copiedBuffer(bytes, 0, length));
      var frames = new ArrayList<Object>();
      for (Object frame = decoder.readInbound(); frame != null; frame = decoder.readInbound()) {
        frames.add(frame);
      }
      return frames;
    } catch (Exception e) {
      // Netty's pipeline throws checked exceptions, too, without declaring them.
      throw new IOException("the client broke the protocol: " + e.getMessage(), e);
    }
  }

  /** Encodes a frame and sends it. Frames leave in the order of the calls. */
  synchronized void send(Object frame) throws IOException {
    var bytes = new ByteArrayOutputStream();
    try {
      encoder.writeOutbound(frame);
      for (Object part = encoder.readOutbound(); part != null; part = encoder.readOutbound()) {
        ByteBuf buffer = (ByteBuf) part;
        buffer.readBytes(bytes, buffer.readableBytes());
        buffer.release();
      }
    } catch (Exception e) {
      throw new IOException("a frame cannot be encoded: " + e.getMessage(), e);
    }
    out.write(bytes.toByteArray());
    out.flush();
  }
}
