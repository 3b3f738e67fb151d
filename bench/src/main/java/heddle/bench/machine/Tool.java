package heddle.bench.machine;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Programs of this machine. */
public final class Tool {
  private Tool() {}

  /** Whether a program is on the PATH. */
  static boolean isInstalled(String name) {
    for (String place : System.getenv("PATH").split(":")) {
      if (Files.isExecutable(Path.of(place, name))) {
        return true;
      }
    }
    return false;
  }

  /**
   * Looks for what a benchmark needs.
   *
   * @throws MissingToolException naming all that are not there
   */
  public static void require(String... names) {
    List<String> missing = Stream.of(names).filter(name -> !isInstalled(name)).toList();
    if (!missing.isEmpty()) {
      throw new MissingToolException(
          "not on the PATH: %s; install: apt-get install -y nginx-light haproxy wrk"
              .formatted(String.join(", ", missing)));
    }
  }

  /**
   * Runs a program to its end.
   *
   * @return what it printed
   * @throws IOException if it cannot be started or fails; the message has what it printed
   */
  public static String run(List<String> command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException(
          "%s ended with %d:%n%s".formatted(command, process.exitValue(), said.strip()));
    }
    return said;
  }
}
