package heddle.cluster.stream;

import heddle.cluster.stream.WebSocketConnection.Message;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Numbered channels in one WebSocket: the first byte of a message is the channel. In the base64
 * forms messages are text, and the channel is a digit.
 */
final class WebSocketChannels {
  private static final int CLOSE_CHANNEL = 255;

  private final WebSocketConnection socket;
  private final boolean base64;
  private final boolean closable;
  private final Map<Integer, Pipe> pipes = new ConcurrentHashMap<>();

  /**
   * @param protocol such as {@code v5.channel.k8s.io}
   */
  WebSocketChannels(WebSocketConnection socket, String protocol) {
    this.socket = socket;
    this.base64 = protocol.endsWith("base64.channel.k8s.io");
    this.closable = protocol.equals("v5.channel.k8s.io");
  }

  /**
   * Reads until the client closes; then all inputs end. What comes for channels that nobody has
   * asked for is dropped.
   */
  void run() throws IOException {
    try {
      for (Optional<Message> next = socket.read(); next.isPresent(); next = socket.read()) {
        receive(next.get());
      }
    } finally {
      pipes.values().forEach(Pipe::end);
    }
  }

  private void receive(Message message) throws IOException {
    byte[] bytes = message.bytes();
    if (bytes.length == 0) {
      return;
    }
    if (message.text() != base64) {
      socket.close(1003, base64 ? "text frames expected" : "binary frames expected");
      throw new IOException("the client sent frames of the wrong type");
    }
    int channel = base64 ? bytes[0] - '0' : bytes[0] & 0xff;
    if (closable && channel == CLOSE_CHANNEL) {
      if (bytes.length > 1 && pipes.get(bytes[1] & 0xff) instanceof Pipe pipe) {
        pipe.end();
      }
      return;
    }
    if (pipes.get(channel) instanceof Pipe pipe) {
      pipe.put(payload(bytes));
    }
  }

  private byte[] payload(byte[] bytes) throws IOException {
    byte[] rest = java.util.Arrays.copyOfRange(bytes, 1, bytes.length);
    if (!base64) {
      return rest;
    }
    try {
      return Base64.getDecoder().decode(rest);
    } catch (IllegalArgumentException e) {
      throw new IOException("the client sent a frame that is not base64", e);
    }
  }

  /** What comes on a channel. Must be called before {@link #run()}. */
  InputStream input(int channel) {
    return pipes.computeIfAbsent(channel, c -> new Pipe()).input();
  }

  /** Each write is one message on a channel. */
  OutputStream output(int channel) {
    return new OutputStream() {
      @Override
      public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
      }

      @Override
      public void write(byte[] bytes, int offset, int length) throws IOException {
        send(channel, bytes, offset, length);
      }
    };
  }

  private void send(int channel, byte[] bytes, int offset, int length) throws IOException {
    if (base64) {
      byte[] part = java.util.Arrays.copyOfRange(bytes, offset, offset + length);
      socket.send((char) ('0' + channel) + Base64.getEncoder().encodeToString(part));
      return;
    }
    byte[] message = new byte[length + 1];
    message[0] = (byte) channel;
    System.arraycopy(bytes, offset, message, 1, length);
    socket.send(message);
  }

  /** An empty message, from which clients see that the connection works. */
  void announce(int channel) throws IOException {
    send(channel, new byte[0], 0, 0);
  }

  void close() throws IOException {
    socket.close(1000, "");
  }

  /** The WebSocket protocols for exec and attach, best first. */
  static boolean known(String protocol) {
    return switch (protocol) {
      case "v5.channel.k8s.io",
          "v4.channel.k8s.io",
          "v4.base64.channel.k8s.io",
          "channel.k8s.io",
          "base64.channel.k8s.io" ->
          true;
      default -> false;
    };
  }

  static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
