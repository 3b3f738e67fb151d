package heddle.cluster.node.sandbox;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Puts command lines together. */
final class Commands {
  private static final Set<String> LOADER = Set.of("GCONV_PATH", "LOCPATH", "GETCONF_DIR");

  private Commands() {}

  @SafeVarargs
  static List<String> join(List<String>... parts) {
    List<String> command = new ArrayList<>();
    for (List<String> part : parts) {
      command.addAll(part);
    }
    return command;
  }

  /** A program of the host that every sandbox needs. */
  static String find(String program) throws IOException {
    for (String directory : List.of("/usr/bin", "/bin", "/usr/local/bin", "/usr/sbin", "/sbin")) {
      Path path = Path.of(directory, program);
      if (Files.isExecutable(path)) {
        return path.toString();
      }
    }
    throw new IOException(
        program
            + " is not installed, and no container can start without it; on Debian and Ubuntu:"
            + " apt install bubblewrap util-linux");
  }

  /** Without the variables by which a pod could load its code into the program that enters it. */
  static Map<String, String> withoutLoader(Map<String, String> environment) {
    Map<String, String> clean = new LinkedHashMap<>();
    environment.forEach(
        (name, value) -> {
          if (!name.startsWith("LD_") && !LOADER.contains(name)) {
            clean.put(name, value);
          }
        });
    return clean;
  }
}
