package heddle.cluster.node.pod;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Where a pod's things are on disk:
 *
 * <pre>
 * pods/UID/etc/         hosts, resolv.conf…
 * pods/UID/volumes/     one directory per volume
 * pods/UID/containers/NAME/process   which process runs it
 * pods/UID/containers/NAME/N.log     what its Nth run said
 * </pre>
 *
 * @param root {@code pods/UID}
 */
public record PodDirectory(Path root) {

  /** The directory of a pod of a node agent. */
  public static PodDirectory of(Path agent, String podUid) {
    return new PodDirectory(agent.resolve("pods").resolve(podUid));
  }

  /** All pods that have a directory. */
  public static List<PodDirectory> all(Path agent) throws IOException {
    Path pods = agent.resolve("pods");
    if (!Files.isDirectory(pods)) {
      return List.of();
    }
    try (Stream<Path> list = Files.list(pods)) {
      return list.map(PodDirectory::new).toList();
    }
  }

  public String podUid() {
    return root.getFileName().toString();
  }

  Path etc() {
    return root.resolve("etc");
  }

  Path volumes() {
    return root.resolve("volumes");
  }

  /** Made when absent. */
  Path container(String name) throws IOException {
    return Files.createDirectories(root.resolve("containers").resolve(name));
  }

  Path log(String container, int run) {
    return root.resolve("containers").resolve(container).resolve(run + ".log");
  }

  /** The records of the processes that run, or ran, its containers. */
  public List<Path> processRecords() throws IOException {
    Path containers = root.resolve("containers");
    if (!Files.isDirectory(containers)) {
      return List.of();
    }
    try (Stream<Path> files = Files.walk(containers)) {
      return files.filter(file -> file.endsWith("process")).toList();
    }
  }

  /** Removes everything. */
  public void delete() throws IOException {
    if (!Files.exists(root)) {
      return;
    }
    Files.walkFileTree(
        root,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.deleteIfExists(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path dir, @Nullable IOException failure)
              throws IOException {
            Files.deleteIfExists(dir);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
