package heddle.control.webhook;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;

/** A webhook's answer. */
public sealed interface Verdict {

  /**
   * Yes.
   *
   * @param changed the object as it should be stored; empty to leave it
   * @param warnings shown to the user
   */
  record Allowed(Optional<ObjectNode> changed, List<String> warnings) implements Verdict {
    public Allowed {
      warnings = List.copyOf(warnings);
    }
  }

  /** No, and why. */
  record Denied(String message) implements Verdict {}

  /** Yes, as it is. */
  static Verdict allowed() {
    return new Allowed(Optional.empty(), List.of());
  }
}
