package heddle.kube.loop;

/** Brings the world to what one object says. An exception counts as {@link Outcome.Failed}. */
@FunctionalInterface
public interface Reconciler {

  /**
   * Runs for one object.
   *
   * @param key {@code namespace/name} or {@code name}; the object may be gone
   */
  Outcome reconcile(String key) throws InterruptedException;
}
