package heddle.bench.machine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What figures depend on.
 *
 * @param load the machine's load average when the measurement began: more than a few tenths means
 *     that it was not idle
 */
public record Machine(String cpu, int cores, String kernel, String jdk, String load) {

  /** This machine. */
  public static Machine here() throws IOException {
    return new Machine(
        Files.readAllLines(Path.of("/proc/cpuinfo")).stream()
            .filter(line -> line.startsWith("model name"))
            .map(line -> line.substring(line.indexOf(':') + 1).strip())
            .findFirst()
            .orElse("unknown"),
        Runtime.getRuntime().availableProcessors(),
        System.getProperty("os.name") + " " + System.getProperty("os.version"),
        System.getProperty("java.vendor") + " " + Runtime.version(),
        Files.readString(Path.of("/proc/loadavg")).split(" ")[0]);
  }

  /** On one line. */
  public String description() {
    return "%s, %d cores; %s; JDK %s; load average before: %s"
        .formatted(cpu, cores, kernel, jdk, load);
  }
}
