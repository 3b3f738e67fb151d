package heddle.cluster.node.volume;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A volume's directory whose content changes all at once, as a kubelet writes it:
 *
 * <pre>
 * key      -> ..data/key
 * ..data   -> ..17   swapped by rename
 * ..17/key           what readers see
 * </pre>
 */
final class AtomicDirectory {
  private static final String DATA = "..data";

  private final Path directory;
  private @Nullable Map<String, Entry> content;
  private long version;

  /** A file of a volume; its mode is that of Unix. */
  record Entry(byte[] bytes, int mode) {
    boolean same(@Nullable Entry other) {
      return other != null && mode == other.mode && Arrays.equals(bytes, other.bytes);
    }
  }

  AtomicDirectory(Path directory) {
    this.directory = directory;
  }

  Path path() {
    return directory;
  }

  /** Replaces the content; relative paths to files. Writes nothing when nothing changed. */
  synchronized void replace(Map<String, Entry> files) throws IOException {
    if (same(files)) {
      return;
    }
    Files.createDirectories(directory);
    Path fresh = directory.resolve(".." + nextVersion());
    for (Map.Entry<String, Entry> file : files.entrySet()) {
      write(fresh.resolve(file.getKey()), file.getValue());
    }
    Files.createDirectories(fresh);
    Path data = directory.resolve(DATA);
    @Nullable Path old = Files.isSymbolicLink(data) ? Files.readSymbolicLink(data) : null;
    Path link = directory.resolve(DATA + "_tmp");
    Files.deleteIfExists(link);
    Files.createSymbolicLink(link, fresh.getFileName());
    Files.move(link, data, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    expose(files.keySet());
    if (old != null) {
      delete(directory.resolve(old));
    }
    content = new LinkedHashMap<>(files);
  }

  private boolean same(Map<String, Entry> files) {
    Map<String, Entry> present = content;
    return present != null
        && present.keySet().equals(files.keySet())
        && files.entrySet().stream().allMatch(e -> e.getValue().same(present.get(e.getKey())));
  }

  private long nextVersion() {
    do {
      version++;
    } while (Files.exists(directory.resolve(".." + version)));
    return version;
  }

  private static void write(Path file, Entry entry) throws IOException {
    Files.createDirectories(file.getParent());
    Files.write(file, entry.bytes());
    Files.setPosixFilePermissions(file, permissions(entry.mode()));
  }

  private static Set<PosixFilePermission> permissions(int mode) {
    PosixFilePermission[] order = PosixFilePermission.values();
    EnumSet<PosixFilePermission> set = EnumSet.noneOf(PosixFilePermission.class);
    for (int i = 0; i < order.length; i++) {
      if ((mode & (0400 >> i)) != 0) {
        set.add(order[i]);
      }
    }
    return set;
  }

  private void expose(Set<String> paths) throws IOException {
    Set<String> names = new LinkedHashSet<>();
    paths.forEach(path -> names.add(Path.of(path).getName(0).toString()));
    List<Path> present;
    try (Stream<Path> list = Files.list(directory)) {
      present = list.toList();
    }
    for (Path file : present) {
      String name = file.getFileName().toString();
      if (!name.startsWith("..") && !names.remove(name)) {
        Files.delete(file);
      }
    }
    for (String name : names) {
      Files.createSymbolicLink(directory.resolve(name), Path.of(DATA, name));
    }
  }

  static void delete(Path root) throws IOException {
    if (!Files.exists(root)) {
      return;
    }
    Files.walkFileTree(
        root,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path dir, @Nullable IOException failure)
              throws IOException {
            if (failure != null) {
              throw failure;
            }
            Files.delete(dir);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
