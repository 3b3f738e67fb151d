package heddle.bench.machine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;

/**
 * A directory for the files of one run; gone afterwards.
 *
 * @param path of it
 */
public record WorkDirectory(Path path) implements AutoCloseable {

  /** Makes one. */
  public static WorkDirectory make() throws IOException {
    return new WorkDirectory(Files.createTempDirectory("heddle-bench"));
  }

  @Override
  public void close() throws IOException {
    try (var files = Files.walk(path)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
