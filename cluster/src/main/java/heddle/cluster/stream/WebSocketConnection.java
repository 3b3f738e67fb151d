package heddle.cluster.stream;

import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameEncoder;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrameAggregator;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * The server's side of a WebSocket (RFC 6455) after the handshake. Pings are answered, fragments
 * joined. One thread reads; any may write.
 */
public final class WebSocketConnection {
  private static final int MESSAGE_LIMIT = 16 * 1024 * 1024;
  private static final String HANDSHAKE = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

  private final InputStream in;
  private final FrameCodec codec;
  private final Deque<WebSocketFrame> waiting = new ArrayDeque<>();
  private final byte[] buffer = new byte[32 * 1024];
  private boolean closeSent;

  /** One message of the client. */
  public record Message(boolean text, byte[] bytes) {}

  public WebSocketConnection(InputStream in, OutputStream out) {
    this.in = in;
    var config =
        WebSocketDecoderConfig.newBuilder()
            .expectMaskedFrames(true)
            .allowExtensions(false)
            .maxFramePayloadLength(MESSAGE_LIMIT)
            .closeOnProtocolViolation(false)
            .build();
    this.codec =
        new FrameCodec(
            List.of(
                new WebSocket13FrameDecoder(config), new WebSocketFrameAggregator(MESSAGE_LIMIT)),
            List.of(new WebSocket13FrameEncoder(false)),
            out);
  }

  /** The value of {@code Sec-WebSocket-Accept} for a client's key. */
  public static String accept(String key) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-1")
              .digest((key.strip() + HANDSHAKE).getBytes(StandardCharsets.US_ASCII));
      return Base64.getEncoder().encodeToString(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this JDK has no SHA-1, which WebSockets need", e);
    }
  }

  /**
   * Waits for a message; empty when the client has closed.
   *
   * @throws IOException when the client breaks the protocol or the connection
   */
  public Optional<Message> read() throws IOException {
    while (true) {
      WebSocketFrame frame = waiting.poll();
      if (frame == null) {
        int count = in.read(buffer);
        if (count < 0) {
          return Optional.empty();
        }
        codec.decode(buffer, count).forEach(decoded -> waiting.add((WebSocketFrame) decoded));
        continue;
      }
      try {
        switch (frame) {
          case BinaryWebSocketFrame binary -> {
            return Optional.of(new Message(false, ByteBufUtil.getBytes(binary.content())));
          }
          case TextWebSocketFrame text -> {
            return Optional.of(new Message(true, ByteBufUtil.getBytes(text.content())));
          }
          case PingWebSocketFrame ping ->
              codec.send(new PongWebSocketFrame(Unpooled.copiedBuffer(ping.content())));
          case CloseWebSocketFrame close -> {
            close(1000, "");
            return Optional.empty();
          }
          default -> {
            // Pongs that nobody asked for.
          }
        }
      } finally {
        ReferenceCountUtil.release(frame);
      }
    }
  }

  /** Sends a binary message. */
  public void send(byte[] bytes) throws IOException {
    codec.send(new BinaryWebSocketFrame(Unpooled.wrappedBuffer(bytes)));
  }

  /** Sends a text message. */
  public void send(String text) throws IOException {
    codec.send(new TextWebSocketFrame(text));
  }

  /** Says goodbye, once; the client answers with its own. */
  public void close(int code, String reason) throws IOException {
    synchronized (this) {
      if (closeSent) {
        return;
      }
      closeSent = true;
    }
    codec.send(new CloseWebSocketFrame(code, reason));
  }

  /** The payloads of binary messages as one stream of bytes. */
  public InputStream asInput() {
    return new InputStream() {
      private byte[] chunk = new byte[0];
      private int used;

      @Override
      public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
      }

      @Override
      public int read(byte[] bytes, int offset, int length) throws IOException {
        while (used == chunk.length) {
          Optional<Message> next = WebSocketConnection.this.read();
          if (next.isEmpty()) {
            return -1;
          }
          chunk = next.get().bytes();
          used = 0;
        }
        int count = Math.min(length, chunk.length - used);
        System.arraycopy(chunk, used, bytes, offset, count);
        used += count;
        return count;
      }
    };
  }

  /** Each write is one binary message. */
  public OutputStream asOutput() {
    return new OutputStream() {
      @Override
      public void write(int b) throws IOException {
        send(new byte[] {(byte) b});
      }

      @Override
      public void write(byte[] bytes, int offset, int length) throws IOException {
        send(java.util.Arrays.copyOfRange(bytes, offset, offset + length));
      }
    };
  }
}
