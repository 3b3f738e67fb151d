package heddle.control.inject;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** What becomes of a pod. */
public sealed interface Injection {

  /** It stays as it is. */
  record Untouched() implements Injection {}

  /**
   * It is part of the mesh now.
   *
   * @param warnings annotations that have no effect, and why
   */
  record Injected(ObjectNode pod, List<String> warnings) implements Injection {
    public Injected {
      warnings = List.copyOf(warnings);
    }
  }

  /** It may not be created; the message is App Mesh's own. */
  record Rejected(String message) implements Injection {}
}
