package heddle.cli.walkthrough;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Who runs {@code heddle}, and from where: the user of this process, or one without rights.
 *
 * @param prefix what a command is started with to run as this user
 * @param namespaces what the launcher adds for the verbs that make pods
 */
record Account(List<String> prefix, List<String> namespaces, String classPath) {

  private static final String NOBODY = "65534";
  private static final Set<String> VERBS_WITH_PODS = Set.of("up", "demo");
  private static final List<String> USER_NAMESPACE = List.of("unshare", "-Urm");

  static Account current() {
    return new Account(List.of(), isRoot() ? List.of() : USER_NAMESPACE, ownClassPath());
  }

  /**
   * An ordinary user, also where root runs the tests.
   *
   * @param home is made writable for that user; a readable copy of the program is put into it
   */
  static Account ordinary(Path home) {
    if (!isRoot()) {
      return current();
    }
    try {
      Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwxrwxrwx"));
      return new Account(
          List.of("setpriv", "--reuid=" + NOBODY, "--regid=" + NOBODY, "--clear-groups", "--"),
          USER_NAMESPACE,
          readableCopy(home.resolve("program")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The words before a {@code heddle} verb's own. */
  List<String> command(String verb, Path home) {
    List<String> command = new ArrayList<>(prefix);
    if (VERBS_WITH_PODS.contains(verb)) {
      command.addAll(namespaces);
    }
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-XX:+UseSerialGC",
            "-Xmx400m",
            "-Duser.home=" + home,
            "-cp",
            classPath,
            "heddle.cli.Heddle"));
    return command;
  }

  private static boolean isRoot() {
    return System.getProperty("user.name").equals("root");
  }

  private static String ownClassPath() {
    return System.getProperty(
        "surefire.test.class.path", System.getProperty("java.class.path", ""));
  }

  private static String readableCopy(Path to) throws IOException {
    List<String> copies = new ArrayList<>();
    for (String entry : ownClassPath().split(File.pathSeparator)) {
      Path from = Path.of(entry);
      if (Files.exists(from)) {
        Path copy = to.resolve(copies.size() + "-" + from.getFileName());
        copy(from, copy);
        copies.add(copy.toString());
      }
    }
    return String.join(File.pathSeparator, copies);
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path target = to.resolve(from.relativize(file).toString());
        Files.createDirectories(target.getParent());
        Files.copy(file, target);
      }
    }
  }
}
