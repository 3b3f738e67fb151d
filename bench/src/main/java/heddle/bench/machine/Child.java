package heddle.bench.machine;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A process of a benchmark. It ends with {@link #close}, and with this JVM at the latest. */
public final class Child implements AutoCloseable {
  /** {@code USER_HZ}: on Linux, what /proc tells CPU time in. */
  private static final double TICKS_PER_SECOND = 100;

  private static final long POLL_MILLIS = 20;
  private static final long GRACE_SECONDS = 5;

  private final String name;
  private final Process process;
  private final Path output;
  private final Path errors;
  private final Thread atExit;

  private Child(String name, Process process, Path output, Path errors) {
    this.name = name;
    this.process = process;
    this.output = output;
    this.errors = errors;
    this.atExit = Thread.ofPlatform().unstarted(process::destroyForcibly);
    Runtime.getRuntime().addShutdownHook(atExit);
  }

  /** Starts what is measured. Its output goes to {@code NAME.out} in the directory. */
  public static Child measured(String name, List<String> command, Path directory, Cpus cpus)
      throws IOException {
    return start(name, cpus.measured(command), directory);
  }

  /** Starts a part of the surroundings. */
  public static Child start(String name, List<String> command, Path directory) throws IOException {
    Path output = directory.resolve(name + ".out");
    Path errors = directory.resolve(name + ".err");
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()))
            .redirectError(ProcessBuilder.Redirect.appendTo(errors.toFile()))
            .start();
    return new Child(name, process, output, errors);
  }

  /**
   * Waits until it listens on a port of 127.0.0.1.
   *
   * @throws IOException if it ends before or does not within the time; with its error output
   */
  public void awaitPort(int port, Duration patience) throws IOException, InterruptedException {
    var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    long deadline = System.nanoTime() + patience.toNanos();
    while (true) {
      try (var socket = new Socket()) {
        socket.connect(address, 1000);
        return;
      } catch (IOException notYet) {
        if (process.waitFor(POLL_MILLIS, TimeUnit.MILLISECONDS)
            || System.nanoTime() - deadline > 0) {
          throw new IOException(
              "%s does not listen on port %d:%n%s".formatted(name, port, said()), notYet);
        }
      }
    }
  }

  private String said() throws IOException {
    return Files.readString(errors) + Files.readString(output);
  }

  /** Seconds of CPU time it has used, of all its threads, in user and kernel mode. */
  public double cpuSeconds() throws IOException {
    String stat = Files.readString(proc("stat"));
    // The name in parentheses may hold blanks; utime and stime are fields 14 and 15.
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
    return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / TICKS_PER_SECOND;
  }

  /** Its resident memory in bytes: all pages it has in memory, shared ones too. */
  public long residentBytes() throws IOException {
    return kilobytes("status", "VmRSS:");
  }

  /** The most that {@link #residentBytes} has been. */
  public long peakResidentBytes() throws IOException {
    return kilobytes("status", "VmHWM:");
  }

  /** Its share of memory in bytes: pages shared with other processes are divided among them. */
  public long proportionalBytes() throws IOException {
    return kilobytes("smaps_rollup", "Pss:");
  }

  private long kilobytes(String file, String key) throws IOException {
    for (String line : Files.readAllLines(proc(file))) {
      if (line.startsWith(key)) {
        return 1024 * Long.parseLong(line.substring(key.length()).replace("kB", "").strip());
      }
    }
    throw new IOException("no %s in %s".formatted(key, proc(file)));
  }

  private Path proc(String file) {
    return Path.of("/proc", Long.toString(process.pid()), file);
  }

  /** Where its standard output goes. */
  public Path output() {
    return output;
  }

  /** What it wrote to its standard error so far. */
  public String errors() throws IOException {
    return Files.readString(errors);
  }

  /** Empties its standard output, which it writes by appending. */
  public void truncateOutput() throws IOException {
    try (var file = FileChannel.open(output, StandardOpenOption.WRITE)) {
      file.truncate(0);
    }
  }

  /** Whether it runs. */
  public boolean alive() {
    return process.isAlive();
  }

  /** Ends it: asked first, killed when it does not go within five seconds. */
  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(GRACE_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
      Runtime.getRuntime().removeShutdownHook(atExit);
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    } catch (IllegalStateException shuttingDown) {
      process.destroyForcibly();
    }
  }
}
