package heddle.cli.walkthrough;

import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import heddle.envoy.EnvoyBinary;
import heddle.envoy.EnvoyMissingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * The tools a test needs. Without one it is skipped, loudly; under HEDDLE_REQUIRE_ALL=1 it fails.
 */
final class Requirements {

  private Requirements() {}

  static void need(String... tools) {
    List<String> missing = Stream.of(tools).filter(tool -> !installed(tool)).toList();
    if (missing.isEmpty()) {
      return;
    }
    lacking("needs " + String.join(", ", missing) + " on the PATH");
  }

  static void needEnvoy() {
    try {
      EnvoyBinary.find(System.getenv());
    } catch (EnvoyMissingException e) {
      lacking(String.valueOf(e.getMessage()));
    }
  }

  private static void lacking(String message) {
    if ("1".equals(System.getenv("HEDDLE_REQUIRE_ALL"))) {
      fail(message);
    }
    System.err.println("SKIPPED: " + message);
    abort(message);
  }

  private static boolean installed(String tool) {
    return Stream.of((System.getenv("PATH") + ":/usr/sbin:/sbin").split(":"))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, tool)));
  }
}
