package heddle.cluster.object;

import org.jspecify.annotations.Nullable;

/**
 * How to delete.
 *
 * @param gracePeriodSeconds null for the object's own; 0 removes at once
 * @param uid precondition, or null
 * @param resourceVersion precondition, or null
 * @param propagation what happens to dependents
 */
public record DeleteOptions(
    @Nullable Long gracePeriodSeconds,
    @Nullable String uid,
    @Nullable String resourceVersion,
    Propagation propagation) {

  /** {@code propagationPolicy} of Kubernetes. */
  public enum Propagation {
    BACKGROUND,
    FOREGROUND,
    ORPHAN
  }

  public static DeleteOptions background() {
    return new DeleteOptions(null, null, null, Propagation.BACKGROUND);
  }

  /** Removes now; the node agent's last word on a pod. */
  public static DeleteOptions immediately(String uid) {
    return new DeleteOptions(0L, uid, null, Propagation.BACKGROUND);
  }
}
