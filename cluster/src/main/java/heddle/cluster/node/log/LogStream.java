package heddle.cluster.node.log;

import heddle.cluster.node.PodAccess.LogOptions;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One reading of a container's log: what exists, then, when following, what comes. */
public final class LogStream extends InputStream {
  private final Path file;
  private final @Nullable ContainerLog live;
  private final LogOptions options;
  private long skip;
  private long remaining;
  private @Nullable InputStream input;
  private int generation;
  private long position;
  private boolean readsRotated;
  private byte[] pending = new byte[0];
  private int taken;
  private boolean continues;
  private volatile boolean closed;
  private volatile @Nullable Thread reader;

  /**
   * @param live the log while the container runs, or null
   */
  public LogStream(Path file, @Nullable ContainerLog live, LogOptions options) throws IOException {
    this.file = file;
    this.live = live;
    this.options = options;
    this.remaining = options.limitBytes() == null ? Long.MAX_VALUE : options.limitBytes();
    if (live != null) {
      live.flush();
    }
    this.skip = options.tailLines() == null ? 0 : Math.max(0, count() - options.tailLines());
    openFirst();
  }

  /** How many whole lines there are now that the options let through. */
  private long count() throws IOException {
    long lines = 0;
    for (Path part : List.of(ContainerLog.rotated(file), file)) {
      try (InputStream stream = new BufferedInputStream(Files.newInputStream(part))) {
        Optional<byte[]> next = readLine(stream);
        while (next.isPresent()) {
          LogLine line = LogLine.parse(next.get());
          lines += line.full() && wanted(line.time()) ? 1 : 0;
          next = readLine(stream);
        }
      } catch (NoSuchFileException e) {
        continue;
      }
    }
    return lines;
  }

  private void openFirst() throws IOException {
    generation = live == null ? 0 : live.generation();
    Path old = ContainerLog.rotated(file);
    readsRotated = Files.exists(old);
    input = new BufferedInputStream(Files.newInputStream(readsRotated ? old : file));
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    int count = read(one, 0, 1);
    return count < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    while (taken == pending.length) {
      if (remaining <= 0 || !fill()) {
        return -1;
      }
    }
    int count = (int) Math.min(remaining, Math.min(length, pending.length - taken));
    System.arraycopy(pending, taken, buffer, offset, count);
    taken += count;
    remaining -= count;
    return remaining == 0 && count == 0 ? -1 : count;
  }

  @Override
  public int available() {
    return pending.length - taken;
  }

  /** Takes the next entry that is wanted; false at the end. */
  private boolean fill() throws IOException {
    Optional<byte[]> entry = next();
    if (entry.isEmpty()) {
      return false;
    }
    LogLine line = LogLine.parse(entry.get());
    boolean inside = continues;
    continues = !line.full();
    taken = 0;
    pending = new byte[0];
    if (!wanted(line.time())) {
      return true;
    }
    if (skip > 0) {
      skip -= line.full() ? 1 : 0;
      return true;
    }
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    if (options.timestamps() && !inside) {
      text.writeBytes((line.time() + " ").getBytes(StandardCharsets.UTF_8));
    }
    text.write(line.entry(), line.start(), line.entry().length - line.start());
    if (line.full()) {
      text.write('\n');
    }
    pending = text.toByteArray();
    return true;
  }

  private boolean wanted(String time) {
    Instant since = options.since();
    return since == null || !Instant.parse(time).isBefore(since);
  }

  private Optional<byte[]> next() throws IOException {
    while (!closed && input != null) {
      if (live != null && !readsRotated && !ready(live)) {
        return Optional.empty();
      }
      Optional<byte[]> line = readLine(input);
      if (line.isPresent()) {
        position += line.get().length + 1;
        return line;
      }
      if (readsRotated) {
        readsRotated = false;
      } else if (live != null && live.generation() != generation) {
        generation = live.generation();
      } else {
        return Optional.empty();
      }
      reopen();
    }
    return Optional.empty();
  }

  /** Whether the log has a whole entry to read, after waiting for one when following. */
  private boolean ready(ContainerLog log) throws IOException {
    if (!options.follow()) {
      return log.hasMore(generation, position);
    }
    reader = Thread.currentThread();
    try {
      return !closed && log.awaitMore(generation, position);
    } catch (InterruptedException e) {
      if (closed) {
        return false;
      }
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while following " + file);
    } finally {
      reader = null;
    }
  }

  private void reopen() throws IOException {
    if (input != null) {
      input.close();
    }
    position = 0;
    input = new BufferedInputStream(Files.newInputStream(file));
  }

  /** A line that is wholly written, without its end; the writer writes entries whole. */
  private static Optional<byte[]> readLine(InputStream stream) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    int next = stream.read();
    while (next >= 0 && next != '\n') {
      line.write(next);
      next = stream.read();
    }
    return next < 0 ? Optional.empty() : Optional.of(line.toByteArray());
  }

  /** The last lines of a log, for termination messages. */
  public static List<String> lastLines(Path file, int lines) throws IOException {
    LogOptions options = new LogOptions(false, false, false, lines, null, null);
    try (LogStream stream = new LogStream(file, null, options)) {
      return new ArrayList<>(
          new String(stream.readAllBytes(), StandardCharsets.UTF_8).lines().toList());
    }
  }

  @Override
  public void close() throws IOException {
    closed = true;
    Thread waiting = reader;
    if (waiting != null && waiting != Thread.currentThread()) {
      waiting.interrupt();
    }
    InputStream open = input;
    if (open != null) {
      open.close();
    }
  }
}
