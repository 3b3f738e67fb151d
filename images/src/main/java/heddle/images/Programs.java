package heddle.images;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Where the catalogue's own programs lie on this machine. All paths are absolute: a container sees
 * them at the same place.
 *
 * @param jdkHome a JDK or JRE of at least Heddle's own version
 * @param workload jars or class directories of the {@code workload} module
 * @param load jars or class directories of the {@code load} module and what it needs
 * @param scripts a directory that this class fills with start scripts
 */
public record Programs(Path jdkHome, List<Path> workload, List<Path> load, Path scripts) {
  /** Small and quick to start rather than fast after an hour. */
  private static final List<String> SMALL =
      List.of(
          "-Xmx24m",
          "-XX:+UseSerialGC",
          "-XX:TieredStopAtLevel=1",
          "-Xshare:auto",
          "-XX:-UsePerfData",
          "-Djava.net.preferIPv4Stack=true");

  private static final List<String> LOAD =
      List.of(
          "-Xmx256m",
          "-XX:+UseSerialGC",
          "-XX:TieredStopAtLevel=1",
          "-Xshare:auto",
          "-XX:-UsePerfData",
          "-Djava.net.preferIPv4Stack=true",
          "--enable-native-access=ALL-UNNAMED",
          "--sun-misc-unsafe-memory-access=allow");

  /**
   * @throws IllegalArgumentException when a path is relative or {@code jdkHome} holds no {@code
   *     java}
   */
  public Programs {
    workload = List.copyOf(workload);
    load = List.copyOf(load);
    var all = new ArrayList<Path>(workload);
    all.addAll(load);
    all.add(jdkHome);
    all.add(scripts);
    for (Path path : all) {
      if (!path.isAbsolute()) {
        throw new IllegalArgumentException(path + " is relative (expected: an absolute path)");
      }
    }
    if (!Files.isExecutable(java(jdkHome))) {
      throw new IllegalArgumentException(
          java(jdkHome) + " is not there (expected: jdkHome is the home of a JDK)");
    }
  }

  /** Command that starts a workload's main class. */
  List<String> workloadCommand(String mainClass) {
    return command(SMALL, workload, mainClass);
  }

  /** What a container of a workload must see. */
  List<Path> workloadPaths() {
    return paths(workload);
  }

  /** What a container that generates load must see. */
  List<Path> loadPaths() {
    return paths(load);
  }

  /**
   * Writes the script that a container sees as {@code name}, so that a shell finds it.
   *
   * @throws IOException when the scripts' directory cannot be written
   */
  Path loadScript(String name, String mainClass) throws IOException {
    Files.createDirectories(scripts);
    Path script = scripts.resolve(name);
    String words =
        command(LOAD, load, mainClass).stream()
            .map(Programs::quoted)
            .collect(Collectors.joining(" "));
    Path fresh = Files.createTempFile(scripts, name, ".new");
    Files.writeString(fresh, "#!/bin/sh\nexec " + words + " \"$@\"\n");
    Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString("rwxr-xr-x"));
    return Files.move(
        fresh, script, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  private List<String> command(List<String> flags, List<Path> classes, String mainClass) {
    var command = new ArrayList<String>();
    command.add(java(jdkHome).toString());
    command.addAll(flags);
    command.add("-cp");
    command.add(classes.stream().map(Path::toString).collect(Collectors.joining(":")));
    command.add(mainClass);
    return command;
  }

  private List<Path> paths(List<Path> classes) {
    var paths = new ArrayList<Path>();
    paths.add(jdkHome);
    paths.addAll(classes);
    return paths;
  }

  private static Path java(Path home) {
    return home.resolve("bin/java");
  }

  private static String quoted(String word) {
    return "'" + word.replace("'", "'\\''") + "'";
  }
}
