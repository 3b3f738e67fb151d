package heddle.cluster.node.sandbox;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Which process runs a sandbox: its pid and, because pids are used again, when it started. The
 * process writes it itself, as its first act, in the form of {@code /proc/PID/stat}.
 *
 * @param startTicks field 22 of {@code /proc/PID/stat}
 */
public record ProcessRecord(long pid, long startTicks) {
  private static final int START = 19;

  /** Reads a record; empty when the file is missing or was cut off. */
  public static Optional<ProcessRecord> read(Path file) {
    try {
      return parse(Files.readString(file));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** The process, if it is still the one that was recorded. */
  public Optional<ProcessHandle> handle() {
    return read(Path.of("/proc", Long.toString(pid), "stat"))
        .filter(this::equals)
        .flatMap(alive -> ProcessHandle.of(pid));
  }

  private static Optional<ProcessRecord> parse(String stat) {
    // The second field is the command in parentheses and may hold anything.
    int name = stat.lastIndexOf(')');
    int blank = stat.indexOf(' ');
    if (name < 0 || blank < 0) {
      return Optional.empty();
    }
    String[] fields = stat.substring(name + 1).trim().split(" ");
    if (fields.length <= START) {
      return Optional.empty();
    }
    return Optional.of(
        new ProcessRecord(Long.parseLong(stat.substring(0, blank)), Long.parseLong(fields[START])));
  }
}
