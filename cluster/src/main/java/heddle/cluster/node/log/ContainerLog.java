package heddle.cluster.node.log;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Instant;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The log of one run of one container, in the format of Kubernetes' container runtimes: {@code TIME
 * STREAM TAG TEXT}, where tag P marks a piece of a longer line and F its end. At most two files of
 * {@code maxBytes} are kept; the older one has the suffix {@code .1}.
 *
 * <p>Lines of programs inside this process that follow each other within milliseconds, such as a
 * busy proxy's access log, are collected and written together: at the next line after a pause, when
 * there are many, when somebody reads the log, and at its end. A crash of this process may lose
 * such lines.
 */
public final class ContainerLog implements AutoCloseable {

  /** Size at which a file is rotated. */
  public static final long MAX_BYTES = 10L * 1024 * 1024;

  private static final int MAX_WAITING = 32 * 1024;
  private static final long PAUSE_MILLIS = 10;
  private static final int NANO_DIGITS = 9;

  private final Path file;
  private final Clock clock;
  private final long maxBytes;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition grown = lock.newCondition();
  private OutputStream output;
  private final ByteArrayOutputStream waiting = new ByteArrayOutputStream(0);
  private long lastWriteMillis;
  private long prefixSecond = Long.MIN_VALUE;
  private String prefix = "";
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
    lock.lock();
    try {
      Instant now = clock.instant();
      collect(now, stream, true, bytes, bytes.length);
      if (now.toEpochMilli() - lastWriteMillis >= PAUSE_MILLIS || waiting.size() >= MAX_WAITING) {
        lastWriteMillis = now.toEpochMilli();
        writeWaiting();
      }
    } finally {
      lock.unlock();
    }
  }

  void append(String stream, boolean full, byte[] text, int length) throws IOException {
    lock.lock();
    try {
      collect(clock.instant(), stream, full, text, length);
      writeWaiting();
    } finally {
      lock.unlock();
    }
  }

  private void collect(Instant now, String stream, boolean full, byte[] text, int length)
      throws IOException {
    if (closed) {
      return;
    }
    String head = time(now) + " " + stream + (full ? " F " : " P ");
    byte[] start = head.getBytes(StandardCharsets.UTF_8);
    int size = start.length + length + 1;
    if (written > 0 && written + size > maxBytes) {
      writeWaiting();
      rotate();
    }
    waiting.write(start, 0, start.length);
    waiting.write(text, 0, length);
    waiting.write('\n');
    written += size;
    grown.signalAll();
  }

  /** RFC 3339 in UTC; all but the nanoseconds is made once per second. */
  private String time(Instant now) {
    if (now.getNano() == 0) {
      return now.toString();
    }
    if (now.getEpochSecond() != prefixSecond) {
      prefixSecond = now.getEpochSecond();
      String whole = Instant.ofEpochSecond(prefixSecond).toString();
      prefix = whole.substring(0, whole.length() - 1) + '.';
    }
    String nanos = Integer.toString(now.getNano());
    return prefix + "0".repeat(NANO_DIGITS - nanos.length()) + nanos + 'Z';
  }

  private void writeWaiting() throws IOException {
    if (waiting.size() > 0) {
      waiting.writeTo(output);
      waiting.reset();
    }
  }

  /** Everything that was taken is in the file when this returns. */
  void flush() throws IOException {
    lock.lock();
    try {
      writeWaiting();
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

  boolean hasMore(int readGeneration, long position) throws IOException {
    lock.lock();
    try {
      writeWaiting();
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
  boolean awaitMore(int readGeneration, long position) throws IOException, InterruptedException {
    lock.lock();
    try {
      while (!closed && generation == readGeneration && written <= position) {
        grown.await();
      }
      writeWaiting();
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
        writeWaiting();
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
