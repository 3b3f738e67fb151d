package heddle.envoy;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The Envoy of this machine.
 *
 * @param path of the executable
 */
public record EnvoyBinary(Path path) {

  /** The variable that names the executable, and wins over the PATH. */
  public static final String VARIABLE = "HEDDLE_ENVOY";

  /**
   * Looks in {@code HEDDLE_ENVOY}, then on the PATH.
   *
   * @param environment usually {@code System.getenv()}
   * @throws EnvoyMissingException if there is none, or {@code HEDDLE_ENVOY} names something else
   */
  public static EnvoyBinary find(Map<String, String> environment) {
    String named = environment.getOrDefault(VARIABLE, "");
    if (!named.isEmpty()) {
      Path path = Path.of(named).toAbsolutePath();
      if (!executable(path)) {
        throw new EnvoyMissingException(
            VARIABLE + " is " + named + " (expected: the path of an executable Envoy)");
      }
      return new EnvoyBinary(path);
    }
    return Stream.of(environment.getOrDefault("PATH", "").split(File.pathSeparator))
        .filter(place -> !place.isEmpty())
        .map(place -> Path.of(place, "envoy").toAbsolutePath())
        .filter(EnvoyBinary::executable)
        .findFirst()
        .map(EnvoyBinary::new)
        .orElseThrow(
            () ->
                new EnvoyMissingException(
                    VARIABLE + " is not set, and there is no envoy on the PATH"));
  }

  private static boolean executable(Path path) {
    return Files.isRegularFile(path) && Files.isExecutable(path);
  }

  /**
   * What it calls itself, such as {@code 1.40.0}.
   *
   * @throws IOException if it cannot be run or is no Envoy
   */
  public String version() throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(path.toString(), "--version").redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    // "PATH version: COMMIT/1.40.0/Clean/RELEASE/BoringSSL"
    String[] parts = said.substring(said.indexOf("version:") + 1).split("/");
    if (process.waitFor() != 0 || !said.contains("version:") || parts.length < 2) {
      throw new IOException(path + " --version says: " + said.strip() + " (expected: an Envoy's)");
    }
    return parts[1];
  }
}
