package heddle.cluster.server;

import io.helidon.common.GenericType;
import io.helidon.common.buffers.BufferData;
import io.helidon.common.buffers.DataWriter;
import io.helidon.webserver.http.spi.Sink;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * A chunked answer that leaves the process at every flush, its headers at once. Helidon's own
 * stream holds the first bytes back to guess a length, which a watch without events would wait for.
 */
final class RawStream implements Sink<byte[]> {
  static final GenericType<RawStream> TYPE = GenericType.create(RawStream.class);

  private final DataWriter writer;
  private final Runnable closed;

  RawStream(DataWriter writer, Runnable closed) {
    this.writer = writer;
    this.closed = closed;
  }

  /** Sends the head; the body follows through the stream. */
  OutputStream begin(int status, Map<String, List<String>> headers) throws IOException {
    send(head(status, headers, "Transfer-Encoding: chunked\r\n"));
    return new Chunks();
  }

  static byte[] head(int status, Map<String, List<String>> headers, String last) {
    StringBuilder head = new StringBuilder("HTTP/1.1 ").append(status).append(' ');
    head.append(io.helidon.http.Status.create(status).reasonPhrase()).append("\r\n");
    headers.forEach(
        (name, values) ->
            values.forEach(v -> head.append(name).append(": ").append(line(v)).append("\r\n")));
    return head.append(last).append("\r\n").toString().getBytes(StandardCharsets.UTF_8);
  }

  /** A header's value cannot end its line. */
  private static String line(String value) {
    return value.replace('\r', ' ').replace('\n', ' ');
  }

  private void send(byte[] bytes) throws IOException {
    try {
      writer.writeNow(BufferData.create(bytes));
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  @Override
  public RawStream emit(byte[] bytes) {
    writer.writeNow(BufferData.create(bytes));
    return this;
  }

  @Override
  public void close() {
    closed.run();
  }

  private final class Chunks extends OutputStream {
    private static final int FULL = 32 * 1024;
    private final java.io.ByteArrayOutputStream pending = new java.io.ByteArrayOutputStream();
    private boolean ended;

    @Override
    public void write(int b) throws IOException {
      pending.write(b);
      if (pending.size() >= FULL) {
        flush();
      }
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      pending.write(bytes, offset, length);
      if (pending.size() >= FULL) {
        flush();
      }
    }

    @Override
    public void flush() throws IOException {
      if (pending.size() == 0) {
        return;
      }
      byte[] body = pending.toByteArray();
      pending.reset();
      byte[] size = (Integer.toHexString(body.length) + "\r\n").getBytes(StandardCharsets.US_ASCII);
      byte[] chunk = new byte[size.length + body.length + 2];
      System.arraycopy(size, 0, chunk, 0, size.length);
      System.arraycopy(body, 0, chunk, size.length, body.length);
      chunk[chunk.length - 2] = '\r';
      chunk[chunk.length - 1] = '\n';
      send(chunk);
    }

    @Override
    public void close() throws IOException {
      if (!ended) {
        ended = true;
        flush();
        send("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        RawStream.this.close();
      }
    }
  }
}
