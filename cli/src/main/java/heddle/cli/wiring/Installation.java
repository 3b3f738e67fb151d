package heddle.cli.wiring;

import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;

/** Where this program's own parts are: its JDK, its class path, its folder of examples. */
public final class Installation {

  private Installation() {}

  /** The home of the JDK that runs this. */
  static Path jdk() {
    return Path.of(System.getProperty("java.home"));
  }

  /** The jar or the folder a class was loaded from. */
  static Path codeOf(Class<?> type) {
    CodeSource source = type.getProtectionDomain().getCodeSource();
    try {
      return Path.of(source.getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException("where " + type + " was loaded from: " + source, e);
    }
  }

  /** The folder with {@code examples}: what the launcher says, else the nearest one above. */
  public static Path root() {
    String told = System.getProperty("heddle.root");
    if (told != null) {
      return Path.of(told);
    }
    Path folder = Path.of("").toAbsolutePath();
    while (folder != null && !Files.isDirectory(folder.resolve("examples"))) {
      folder = folder.getParent();
    }
    return folder == null ? Path.of("").toAbsolutePath() : folder;
  }
}
