package heddle.cluster.stream;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Bytes on their way from a connection's reader to whoever consumes one channel. A full pipe makes
 * the reader wait, which is all the flow control that these protocols have.
 */
final class Pipe {
  private static final int LIMIT = 1024 * 1024;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Deque<byte[]> chunks = new ArrayDeque<>();
  private final InputStream input = new Input();
  private int size;
  private boolean ended;
  private boolean abandoned;

  /** Appends; waits while the pipe is full. What comes after the end is dropped. */
  void put(byte[] bytes) {
    lock.lock();
    try {
      while (size >= LIMIT && !ended && !abandoned) {
        changed.awaitUninterruptibly();
      }
      if (!ended && !abandoned && bytes.length > 0) {
        chunks.add(bytes);
        size += bytes.length;
        changed.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  /** No more will come. */
  void end() {
    lock.lock();
    try {
      ended = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Nobody will read any more: what is there and what comes is dropped. */
  void abandon() {
    lock.lock();
    try {
      abandoned = true;
      chunks.clear();
      size = 0;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** The consumer's side. Closing it abandons the pipe. */
  InputStream input() {
    return input;
  }

  private final class Input extends InputStream {
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
      lock.lock();
      try {
        while (chunks.isEmpty()) {
          if (ended || abandoned) {
            return -1;
          }
          changed.awaitUninterruptibly();
        }
        byte[] chunk = chunks.removeFirst();
        int count = Math.min(length, chunk.length);
        System.arraycopy(chunk, 0, bytes, offset, count);
        if (count < chunk.length) {
          chunks.addFirst(java.util.Arrays.copyOfRange(chunk, count, chunk.length));
        }
        size -= count;
        changed.signalAll();
        return count;
      } finally {
        lock.unlock();
      }
    }

    @Override
    public int available() {
      lock.lock();
      try {
        return size;
      } finally {
        lock.unlock();
      }
    }

    @Override
    public void close() {
      abandon();
    }
  }
}
