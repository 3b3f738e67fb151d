package heddle.network;

import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/** What a test needs of the machine it runs on. */
final class Machine {
  private Machine() {}

  /** Skips the test, loudly, unless namespaces can be made here. */
  static void requireNamespaces() {
    if (!"root".equals(System.getProperty("user.name"))) {
      missing("root (or unshare -Urm)");
    }
    for (String tool : new String[] {"ip", "nft"}) {
      requireTool(tool);
    }
  }

  static void requireTool(String tool) {
    boolean found =
        java.util.stream.Stream.of("/usr/sbin", "/usr/bin", "/sbin", "/bin")
            .anyMatch(dir -> Files.isExecutable(Path.of(dir, tool)));
    if (!found) {
      missing(tool);
    }
  }

  static void missing(String what) {
    if ("1".equals(System.getenv("HEDDLE_REQUIRE_ALL"))) {
      fail("this test needs " + what);
    }
    System.err.println("SKIPPED: this test needs " + what);
    Assumptions.abort("needs " + what);
  }

  /** Identity of the network namespace that the calling thread is in. */
  static String namespace() throws IOException {
    return Files.readSymbolicLink(Path.of("/proc/thread-self/ns/net")).toString();
  }
}
