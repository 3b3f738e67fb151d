package heddle.differential;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;

/**
 * What arrives on a socket, read at once by a thread of its own, so that the end of a connection is
 * seen even while nobody reads.
 */
final class Feed extends InputStream {
  /** How the other side left the connection. */
  enum End {
    OPEN,
    CLOSED,
    RESET
  }

  private byte[] buffer = new byte[4096];
  private int start;
  private int length;
  private End end = End.OPEN;

  Feed(Socket socket) {
    Thread.ofVirtual().start(() -> fill(socket));
  }

  private void fill(Socket socket) {
    byte[] piece = new byte[65536];
    End how = End.CLOSED;
    try {
      InputStream in = socket.getInputStream();
      for (int n = in.read(piece); n >= 0; n = in.read(piece)) {
        add(piece, n);
      }
    } catch (IOException e) {
      how = End.RESET;
    }
    synchronized (this) {
      end = how;
      notifyAll();
    }
  }

  private synchronized void add(byte[] piece, int n) {
    if (start + length + n > buffer.length) {
      byte[] larger = new byte[Math.max(length + n, buffer.length * 2)];
      System.arraycopy(buffer, start, larger, 0, length);
      buffer = larger;
      start = 0;
    }
    System.arraycopy(piece, 0, buffer, start + length, n);
    length += n;
    notifyAll();
  }

  @Override
  public synchronized int read() throws IOException {
    return awaitByte() ? take(1)[0] & 0xff : -1;
  }

  @Override
  public synchronized int read(byte[] into, int offset, int wanted) throws IOException {
    if (wanted == 0) {
      return 0;
    }
    if (!awaitByte()) {
      return -1;
    }
    byte[] taken = take(Math.min(wanted, length));
    System.arraycopy(taken, 0, into, offset, taken.length);
    return taken.length;
  }

  private byte[] take(int n) {
    byte[] taken = new byte[n];
    System.arraycopy(buffer, start, taken, 0, n);
    start += n;
    length -= n;
    return taken;
  }

  private boolean awaitByte() throws IOException {
    try {
      while (length == 0 && end == End.OPEN) {
        wait();
      }
    } catch (InterruptedException e) {
      throw new IOException("interrupted", e);
    }
    return length > 0;
  }

  synchronized End end() {
    return end;
  }

  /** What arrived and was not read. */
  synchronized byte[] unread() {
    ByteArrayOutputStream copy = new ByteArrayOutputStream();
    copy.write(buffer, start, length);
    return copy.toByteArray();
  }
}
