package heddle.kube;

import io.fabric8.kubernetes.client.http.AsyncBody;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/** The bytes of an HTTP answer as a stream: asks for more when the reader has read what came. */
final class BodyStream extends InputStream {
  private final Queue<ByteBuffer> buffers = new ArrayDeque<>();
  private @Nullable AsyncBody source;
  private @Nullable Throwable problem;
  private boolean ended;

  synchronized void add(List<ByteBuffer> more) {
    buffers.addAll(more);
    notifyAll();
  }

  synchronized void end(@Nullable Throwable cause) {
    if (!ended) {
      ended = true;
      problem = cause;
      notifyAll();
    }
  }

  void feedFrom(AsyncBody body) {
    synchronized (this) {
      source = body;
    }
    body.consume();
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    ByteBuffer buffer = await();
    if (buffer == null) {
      return -1;
    }
    int count = Math.min(length, buffer.remaining());
    buffer.get(target, offset, count);
    return count;
  }

  /** The buffer with the next byte; null at the end. Fetches more while none is there. */
  private @Nullable ByteBuffer await() throws IOException {
    while (true) {
      AsyncBody asked;
      synchronized (this) {
        while (!buffers.isEmpty() && !buffers.element().hasRemaining()) {
          buffers.remove();
          if (buffers.isEmpty()) {
            break;
          }
        }
        ByteBuffer head = buffers.peek();
        if (head != null) {
          return head;
        }
        if (ended) {
          if (problem != null) {
            throw new IOException("the connection broke: " + problem, problem);
          }
          return null;
        }
        asked = source;
      }
      if (asked != null) {
        asked.consume();
      }
      pause();
    }
  }

  private synchronized void pause() throws IOException {
    try {
      while (buffers.isEmpty() && !ended) {
        wait();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while reading");
    }
  }

  String readAllAsText() {
    try {
      return new String(readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
