package heddle.cluster.operation;

import heddle.cluster.auth.User;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * On whose behalf, and how, an operation runs.
 *
 * @param dryRun run everything but store nothing
 * @param manager the field manager that owns what this write changes
 * @param fieldValidation what to do with fields that the kind does not have
 * @param warnings receives texts for Warning headers
 */
public record Call(
    User user,
    boolean dryRun,
    String manager,
    FieldValidation fieldValidation,
    Consumer<String> warnings) {

  /** {@code fieldValidation} of Kubernetes. */
  public enum FieldValidation {
    IGNORE,
    WARN,
    STRICT
  }

  private static final String SYSTEM = "system:apiserver";

  /** Whether it is this process that writes. */
  boolean isSystem() {
    return user.name().equals(SYSTEM);
  }

  /** This process itself: may do everything, and nobody reads warnings. */
  public static Call system(String manager) {
    User user = new User(SYSTEM, "", List.of("system:masters"), Map.of());
    return new Call(user, false, manager, FieldValidation.IGNORE, warning -> {});
  }
}
