package heddle.cli;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Programs of the operating system that something needs, and how to get them. */
final class Tools {

  /** Without these no pod starts. */
  static final List<String> OF_PODS = List.of("ip", "nft", "bwrap");

  /** Debian's package, where it is not called like the program. */
  private static final Map<String, String> PACKAGES =
      Map.of(
          "ip", "iproute2",
          "nft", "nftables",
          "bwrap", "bubblewrap",
          "kubectl", "kubernetes-client");

  private static final String ALSO = "/usr/sbin:/sbin";

  private Tools() {}

  /**
   * @throws CommandFailure naming all that are missing and the command that installs them
   */
  @SafeVarargs
  static void need(String who, Collection<String>... programs) {
    List<String> missing =
        Stream.of(programs)
            .flatMap(Collection::stream)
            .distinct()
            .filter(program -> !installed(program))
            .toList();
    if (missing.isEmpty()) {
      return;
    }
    TreeSet<String> packages = new TreeSet<>();
    missing.forEach(program -> packages.add(PACKAGES.getOrDefault(program, program)));
    throw CommandFailure.environment(
        who
            + " needs "
            + String.join(", ", missing)
            + ", which this machine lacks; install: apt-get install -y "
            + String.join(" ", packages));
  }

  private static boolean installed(String program) {
    String path = String.valueOf(System.getenv("PATH")) + File.pathSeparator + ALSO;
    return Stream.of(path.split(File.pathSeparator))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
  }
}
