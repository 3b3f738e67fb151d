package heddle.cluster.node.pod;

import heddle.cluster.node.log.LogStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a container left behind to say why it ended. */
final class TerminationMessage {
  private static final Logger LOG = LoggerFactory.getLogger(TerminationMessage.class);
  private static final int LONGEST = 4096;
  private static final int LOG_LINES = 80;

  private TerminationMessage() {}

  /** Its termination message file, else, if it failed and asks for that, the end of its log. */
  static String of(ContainerSlot slot, int exitCode, PodDirectory directory) {
    String name = slot.spec.name();
    try {
      Path file = directory.container(name).resolve("termination-message");
      byte[] text = read(file);
      if (text.length > 0) {
        return new String(text, StandardCharsets.UTF_8);
      }
      String policy = slot.spec.tree().path("terminationMessagePolicy").asText();
      return exitCode != 0 && policy.equals("FallbackToLogsOnError")
          ? String.join("\n", LogStream.lastLines(directory.log(name, slot.restarts), LOG_LINES))
          : "";
    } catch (IOException e) {
      LOG.warn("no termination message of {} in {}: {}", name, directory.root(), e.getMessage());
      return "";
    }
  }

  /** Only as much as counts: the container may have written any amount. */
  private static byte[] read(Path file) throws IOException {
    if (!Files.exists(file)) {
      return new byte[0];
    }
    try (InputStream text = Files.newInputStream(file)) {
      return text.readNBytes(LONGEST);
    }
  }
}
