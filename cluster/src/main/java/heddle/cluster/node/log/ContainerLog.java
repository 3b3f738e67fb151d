package heddle.cluster.node.log;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The log of one run of one container, in the format of Kubernetes' container runtimes: {@code TIME
 * STREAM TAG TEXT}, where tag P marks a piece of a longer line and F its end. At most two files of
 * {@code maxBytes} are kept; the older one has the suffix {@code .1}.
 */
public final class ContainerLog implements AutoCloseable {

  /** Size at which a file is rotated. */
  public static final long MAX_BYTES = 10L * 1024 * 1024;

  private final Path file;
  private final Clock clock;
  private final long maxBytes;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition grown = lock.newCondition();
  private OutputStream output;
  private long written;
  private int generation;
  private boolean closed;

  public ContainerLog(Path file, Clock clock, long maxBytes) throws IOException {
    this.file = file;
    this.clock = clock;
    this.maxBytes = maxBytes;
    Files.createDirectories(file.toAbsolutePath().getParent());
    this.output = Files.newOutputStream(file);
  }

  /** The file that is written now. */
  public Path file() {
    return file;
  }

  /** Where the file goes when it is full. */
  static Path rotated(Path file) {
    return file.resolveSibling(file.getFileName() + ".1");
  }

  /** Takes one whole line, without its end. */
  public void line(String stream, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    append(stream, true, bytes, bytes.length);
  }

  void append(String stream, boolean full, byte[] text, int length) throws IOException {
    String head = clock.instant() + " " + stream + (full ? " F " : " P ");
    byte[] prefix = head.getBytes(StandardCharsets.UTF_8);
    lock.lock();
    try {
      if (closed) {
        return;
      }
      if (written > 0 && written + prefix.length + length + 1 > maxBytes) {
        rotate();
      }
      byte[] entry = new byte[prefix.length + length + 1];
      System.arraycopy(prefix, 0, entry, 0, prefix.length);
      System.arraycopy(text, 0, entry, prefix.length, length);
      entry[entry.length - 1] = '\n';
      output.write(entry);
      written += entry.length;
      grown.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void rotate() throws IOException {
    output.close();
    Files.move(file, rotated(file), StandardCopyOption.REPLACE_EXISTING);
    output = Files.newOutputStream(file, StandardOpenOption.CREATE_NEW);
    written = 0;
    generation++;
  }

  /** Which file is written now; grows with each rotation. */
  int generation() {
    lock.lock();
    try {
      return generation;
    } finally {
      lock.unlock();
    }
  }

  boolean hasMore(int readGeneration, long position) {
    lock.lock();
    try {
      return generation != readGeneration || written > position;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits until there is something after a position.
   *
   * @return false when there never will be
   */
  boolean awaitMore(int readGeneration, long position) throws InterruptedException {
    lock.lock();
    try {
      while (!closed && generation == readGeneration && written <= position) {
        grown.await();
      }
      return generation != readGeneration || written > position;
    } finally {
      lock.unlock();
    }
  }

  /** The container has ended: followers see the end. */
  @Override
  public void close() {
    lock.lock();
    try {
      if (!closed) {
        closed = true;
        output.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot close the log " + file, e);
    } finally {
      grown.signalAll();
      lock.unlock();
    }
  }
}
