package heddle.cli.home;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The directory of one cluster: state, kubeconfig, records of what it made, log, and the lock that
 * its process holds for as long as it lives.
 *
 * @param name cluster name, a DNS label
 * @param directory everything of the cluster lives below it
 * @param kubeconfig where the kubeconfig is written
 */
public record ClusterHome(String name, Path directory, Path kubeconfig) {

  private static final Pattern NAME = Pattern.compile("[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?");

  public ClusterHome {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "--name: '"
              + name
              + "' (expected: lower-case letters, digits and inner hyphens, at most 32)");
    }
  }

  /** The root under which clusters are found by name: {@code $HEDDLE_HOME} or {@code ~/.heddle}. */
  public static Path root() {
    String home = System.getenv("HEDDLE_HOME");
    return home != null && !home.isEmpty()
        ? Path.of(home).toAbsolutePath()
        : Path.of(System.getProperty("user.home"), ".heddle");
  }

  /** The home of a cluster by name; where {@code up} was told another directory, that one. */
  public static ClusterHome named(String name) {
    ClusterHome standard =
        new ClusterHome(name, root().resolve(name), root().resolve(name).resolve("kubeconfig"));
    Path pointer = standard.pointer();
    if (!Files.isRegularFile(pointer)) {
      return standard;
    }
    try {
      List<String> lines = Files.readAllLines(pointer);
      return new ClusterHome(name, Path.of(lines.get(0)), Path.of(lines.get(1)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Every cluster that has a home. */
  public static List<ClusterHome> all() {
    if (!Files.isDirectory(root())) {
      return List.of();
    }
    try (Stream<Path> entries = Files.list(root())) {
      return entries
          .filter(Files::isDirectory)
          .map(entry -> entry.getFileName().toString())
          .filter(name -> NAME.matcher(name).matches())
          .sorted()
          .map(ClusterHome::named)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Makes the directory, readable by its owner alone, and remembers it under the name. */
  public void create() throws IOException {
    var ownerOnly =
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
    Files.createDirectories(directory, ownerOnly);
    Files.createDirectories(kubeconfig.toAbsolutePath().getParent(), ownerOnly);
    if (!directory.equals(root().resolve(name)) || !kubeconfig.startsWith(directory)) {
      Files.createDirectories(pointer().getParent(), ownerOnly);
      Files.writeString(pointer(), directory + "\n" + kubeconfig + "\n");
    }
  }

  public Path log() {
    return directory.resolve("heddle.log");
  }

  public Path store() {
    return directory.resolve("store.db");
  }

  public Path certificates() {
    return directory.resolve("pki");
  }

  /** The certificate that everything which serves on the host is issued by. */
  public Path authority() {
    return certificates().resolve("ca.crt");
  }

  /** Names of the pods' namespaces. */
  public Path network() {
    return directory.resolve("network");
  }

  /** Pods: records, logs, volumes. */
  public Path pods() {
    return directory.resolve("pods");
  }

  /** Settings that outlive a restart, such as the API server's port. */
  public Path settings() {
    return directory.resolve("settings.properties");
  }

  private Path pointer() {
    return root().resolve(name).resolve("location");
  }

  private Path lockFile() {
    return directory.resolve("lock");
  }

  /**
   * Takes the cluster for this process; the lock goes with the process, however it ends.
   *
   * @return empty when another process has it
   */
  public Optional<Lock> lock() throws IOException {
    FileChannel channel =
        FileChannel.open(
            lockFile(),
            StandardOpenOption.CREATE,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE);
    try {
      FileLock held = channel.tryLock();
      if (held == null) {
        channel.close();
        return Optional.empty();
      }
    } catch (OverlappingFileLockException e) {
      channel.close();
      return Optional.empty();
    }
    channel.truncate(0);
    channel.write(
        java.nio.ByteBuffer.wrap(Long.toString(ProcessHandle.current().pid()).getBytes()));
    channel.force(true);
    return Optional.of(new Lock(channel));
  }

  /** The process that holds the cluster now. */
  public Optional<ProcessHandle> owner() throws IOException {
    if (!Files.exists(lockFile())) {
      return Optional.empty();
    }
    try (FileChannel channel =
        FileChannel.open(lockFile(), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      FileLock free = channel.tryLock();
      if (free != null) {
        return Optional.empty();
      }
    }
    String pid = Files.readString(lockFile()).strip();
    return pid.isEmpty() ? Optional.empty() : ProcessHandle.of(Long.parseLong(pid));
  }

  /** Forgets everything but who owns it: a fresh start, to be made by the owner. */
  public void clear() throws IOException {
    try (Stream<Path> entries = Files.list(directory)) {
      for (Path entry : entries.filter(path -> !path.equals(lockFile())).toList()) {
        deleteTree(entry);
      }
    }
  }

  /** Forgets everything. The caller has made sure that no process owns the cluster. */
  public void purge() throws IOException {
    Files.deleteIfExists(kubeconfig);
    deleteTree(directory);
    deleteTree(root().resolve(name));
  }

  private static void deleteTree(Path tree) throws IOException {
    if (!Files.exists(tree)) {
      return;
    }
    Files.walkFileTree(
        tree,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(
              Path folder, @org.jspecify.annotations.Nullable IOException failure)
              throws IOException {
            if (failure != null) {
              throw failure;
            }
            Files.delete(folder);
            return FileVisitResult.CONTINUE;
          }
        });
  }

  /** Ownership of a cluster; closing it gives the cluster up. */
  public static final class Lock implements AutoCloseable {
    private final FileChannel channel;

    private Lock(FileChannel channel) {
      this.channel = channel;
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }
}
