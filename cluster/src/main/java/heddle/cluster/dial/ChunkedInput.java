package heddle.cluster.dial;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/** A body in chunks (RFC 9112 §7.1); extensions and trailers are passed over. */
final class ChunkedInput extends InputStream {
  private static final int TRAILER_LIMIT = 100;

  private final HttpConnection connection;
  private int left;
  private boolean first = true;
  private boolean ended;

  ChunkedInput(HttpConnection connection) {
    this.connection = connection;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    if (left == 0 && !nextChunk()) {
      return -1;
    }
    int count = connection.input().read(bytes, offset, Math.min(length, left));
    if (count < 0) {
      throw new EOFException("the connection was closed in the middle of a chunk");
    }
    left -= count;
    return count;
  }

  private boolean nextChunk() throws IOException {
    if (ended) {
      return false;
    }
    if (!first) {
      connection.readLine(1);
    }
    first = false;
    String line = connection.readLine(1);
    int end = line.indexOf(';');
    left = HttpConnection.number(end < 0 ? line : line.substring(0, end), 16);
    if (left == 0) {
      ended = true;
      int trailers = 0;
      while (!connection.readLine(1).isEmpty()) {
        if (++trailers > TRAILER_LIMIT) {
          throw new IOException("more than " + TRAILER_LIMIT + " trailers");
        }
      }
    }
    return left > 0;
  }
}
