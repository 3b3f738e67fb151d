package heddle.network;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Removes what a cluster's network leaves when its process was killed. The kernel has removed the
 * rest already: namespaces, links, addresses, rules, listeners and claimed addresses live no longer
 * than the process (see {@link LinuxNodeNetwork}). Processes of pods that outlive it keep their own
 * pod's namespace, and lose it when they are ended.
 */
public final class NetworkJanitor {
  private NetworkJanitor() {}

  /**
   * Removes the leftovers of a cluster that does not run. Does nothing where nothing is left.
   *
   * @param directory the cluster's {@link NodeOptions#directory()}
   * @throws IOException when a leftover cannot be removed; the others are gone or can be tried
   *     again
   */
  public static void clean(Path directory) throws IOException {
    Path names = names(directory);
    if (!Files.isDirectory(names)) {
      return;
    }
    try (DirectoryStream<Path> leftovers = Files.newDirectoryStream(names)) {
      for (Path name : leftovers) {
        Files.deleteIfExists(name);
      }
    }
    Files.deleteIfExists(names);
  }

  /** Where the names of a cluster's namespaces are. */
  static Path names(Path directory) {
    return directory.resolve("netns");
  }
}
