package heddle.cluster.stream;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.spdy.DefaultSpdyDataFrame;
import io.netty.handler.codec.spdy.DefaultSpdyRstStreamFrame;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Map;

/** One stream of a SPDY connection, opened by the client. */
public final class SpdyStream {
  private static final int CANCEL = 5;

  private final int id;
  private final Map<String, String> headers;
  private final FrameCodec codec;
  private final Pipe pipe = new Pipe();
  private final OutputStream output = new Output();
  private boolean finished;

  SpdyStream(int id, Map<String, String> headers, FrameCodec codec) {
    this.id = id;
    this.headers = Map.copyOf(headers);
    this.codec = codec;
  }

  /** A header of the client's SYN_STREAM by its lower-case name; empty when it has none. */
  public String header(String name) {
    return headers.getOrDefault(name, "");
  }

  /** What the client sends, until its FIN, its reset or the end of the connection. */
  public InputStream input() {
    return pipe.input();
  }

  /** Each write is a frame; closing sends FIN, once. */
  public OutputStream output() {
    return output;
  }

  /** Ends both directions at once. */
  public void reset() throws IOException {
    pipe.abandon();
    synchronized (this) {
      if (finished) {
        return;
      }
      finished = true;
    }
    codec.send(new DefaultSpdyRstStreamFrame(id, CANCEL));
  }

  /** What the client still sends is of no interest. */
  void abandon() {
    pipe.abandon();
  }

  void received(byte[] bytes, boolean last) {
    pipe.put(bytes);
    if (last) {
      pipe.end();
    }
  }

  /** The client is gone, or wants no more of this stream. */
  void cut() {
    pipe.end();
    synchronized (this) {
      finished = true;
    }
  }

  private final class Output extends OutputStream {
    private static final int FRAME = 32 * 1024;

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      for (int start = 0; start < length; start += FRAME) {
        int count = Math.min(FRAME, length - start);
        synchronized (SpdyStream.this) {
          if (finished) {
            throw new IOException("the stream is closed");
          }
        }
        codec.send(
            new DefaultSpdyDataFrame(id, Unpooled.copiedBuffer(bytes, offset + start, count)));
      }
    }

    @Override
    public void close() throws IOException {
      synchronized (SpdyStream.this) {
        if (finished) {
          return;
        }
        finished = true;
      }
      codec.send(new DefaultSpdyDataFrame(id).setLast(true));
    }
  }
}
