package heddle.cluster.node.agent;

import heddle.cluster.node.pod.PodDirectory;
import heddle.cluster.node.sandbox.ProcessRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes what a node agent left behind when it was killed. Containers die with it; this is for
 * those that did not get to, and for their files. A process is known by its pid and the moment it
 * started, never by its pid alone.
 */
public final class NodeJanitor {
  private static final Logger LOG = LoggerFactory.getLogger(NodeJanitor.class);

  private final Path directory;

  /**
   * @param directory of the node agent
   */
  public NodeJanitor(Path directory) {
    this.directory = directory;
  }

  /**
   * Ends every recorded process that is still the recorded one.
   *
   * @return how many there were
   */
  public int killLeftovers() throws IOException {
    int killed = 0;
    for (PodDirectory pod : PodDirectory.all(directory)) {
      for (Path record : pod.processRecords()) {
        killed += kill(record);
        Files.deleteIfExists(record);
      }
    }
    return killed;
  }

  private static int kill(Path record) {
    Optional<ProcessHandle> process = ProcessRecord.read(record).flatMap(ProcessRecord::handle);
    if (process.isEmpty()) {
      return 0;
    }
    List<ProcessHandle> family = new ArrayList<>(process.get().descendants().toList());
    family.addFirst(process.get());
    LOG.info("ending process {} of {}, left behind by an earlier run", family, record);
    family.forEach(ProcessHandle::destroyForcibly);
    return family.size();
  }

  /** Removes the files of all pods but these. */
  public void removeExcept(Set<String> podUids) throws IOException {
    for (PodDirectory pod : PodDirectory.all(directory)) {
      if (!podUids.contains(pod.podUid())) {
        pod.delete();
      }
    }
  }
}
