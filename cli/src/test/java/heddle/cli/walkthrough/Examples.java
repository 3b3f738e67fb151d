package heddle.cli.walkthrough;

import java.nio.file.Files;
import java.nio.file.Path;

/** The project's own examples, found from wherever the tests are started. */
final class Examples {

  private Examples() {}

  static Path manifest(String example) {
    return root().resolve("examples").resolve(example).resolve("manifest.yaml");
  }

  static Path root() {
    Path folder = Path.of("").toAbsolutePath();
    while (!Files.isDirectory(folder.resolve("examples"))) {
      folder = folder.getParent();
    }
    return folder;
  }
}
