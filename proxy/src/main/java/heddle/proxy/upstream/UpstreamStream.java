package heddle.proxy.upstream;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpResponse;

/** One attempt as its connection sees it. All calls come on the sidecar's event loop. */
public interface UpstreamStream {

  /** A connection is there: send the request on it. */
  void onReady(UpstreamConnection connection);

  /**
   * No connection was to be had; nothing was sent.
   *
   * @param detail may be empty
   * @param reached whether it had come as far as a connection to the host, made or tried
   */
  void onPoolFailure(Reset reason, String detail, boolean reached);

  /** Whether the request asked for another protocol. */
  boolean wantsUpgrade();

  /** A 1xx response. */
  void onInformational(HttpResponse response);

  /** The response's head; {@code end} says that no body follows. */
  void onHead(HttpResponse response, boolean end);

  /** A piece of the body; the receiver owns the buffer. */
  void onBody(ByteBuf data);

  /** The response is complete. The connection already belongs to the pool again. */
  void onEnd();

  /** What was received so far was all of one read. */
  void onReadComplete();

  /** The connection failed before the response was complete. */
  void onReset(Reset reason);

  /** The connection takes bytes again, or no longer. */
  void onWritabilityChanged(boolean writable);
}
