package heddle.cluster.server;

import io.helidon.common.buffers.BufferData;
import io.helidon.common.buffers.DataReader;
import io.helidon.http.HttpPrologue;
import io.helidon.http.WritableHeaders;
import io.helidon.webserver.ConnectionContext;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A request that asked for an upgrade. Whatever the answer, the connection ends with it. */
final class UpgradeExchange extends HttpExchange {
  private static final Logger LOG = LoggerFactory.getLogger(UpgradeExchange.class);

  private final ConnectionContext context;
  private boolean answered;

  UpgradeExchange(ConnectionContext context, HttpPrologue prologue, WritableHeaders<?> headers) {
    super(
        prologue.method().text(),
        prologue.uriPath().rawPath(),
        prologue.query().rawValue(),
        PlainExchange.lowerCase(headers),
        PlainExchange.certificate(context.remotePeer().tlsCertificates()));
    this.context = context;
  }

  @Override
  public InputStream bodyStream() {
    return InputStream.nullInputStream();
  }

  @Override
  public void respond(int status, Map<String, List<String>> headers, byte[] body)
      throws IOException {
    answered = true;
    String last = "Content-Length: " + body.length + "\r\nConnection: close\r\n";
    OutputStream output = new Output();
    output.write(RawStream.head(status, withWarnings(headers), last));
    output.write(body);
    output.flush();
  }

  @Override
  public OutputStream stream(int status, Map<String, List<String>> headers) throws IOException {
    answered = true;
    Map<String, List<String>> all = withWarnings(headers);
    all.put("Connection", List.of("close"));
    return new RawStream(context.dataWriter(), () -> {}).begin(status, all);
  }

  @Override
  boolean answered() {
    return answered;
  }

  @Override
  public boolean upgradable() {
    return true;
  }

  @Override
  public Connection upgrade(Map<String, List<String>> headers) throws IOException {
    answered = true;
    OutputStream output = new Output();
    output.write(RawStream.head(101, headers, "Connection: Upgrade\r\n"));
    output.flush();
    InputStream input = new Input(context.dataReader());
    return new Connection() {
      @Override
      public InputStream input() {
        return input;
      }

      @Override
      public OutputStream output() {
        return output;
      }

      @Override
      public void close() {
        UpgradeExchange.this.close();
      }
    };
  }

  /** Closes the connection; a client that has closed it already makes no difference. */
  void close() {
    try {
      context.serverSocket().close();
    } catch (UncheckedIOException e) {
      LOG.debug("closing an upgraded connection", e);
    }
  }

  private static final class Input extends InputStream {
    private final DataReader reader;

    Input(DataReader reader) {
      this.reader = reader;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      if (length == 0) {
        return 0;
      }
      try {
        reader.ensureAvailable();
        BufferData data = reader.readBuffer(Math.min(length, reader.available()));
        return data.read(bytes, offset, length);
      } catch (DataReader.InsufficientDataAvailableException e) {
        return -1;
      } catch (UncheckedIOException e) {
        throw e.getCause();
      }
    }
  }

  private final class Output extends OutputStream {
    private @Nullable BufferData pending;

    @Override
    public void write(int b) {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
      BufferData buffer = pending == null ? BufferData.growing(256 + length) : pending;
      buffer.write(bytes, offset, length);
      pending = buffer;
    }

    @Override
    public void flush() throws IOException {
      BufferData buffer = pending;
      pending = null;
      if (buffer != null) {
        try {
          context.dataWriter().writeNow(buffer);
        } catch (UncheckedIOException e) {
          throw e.getCause();
        }
      }
    }
  }
}
