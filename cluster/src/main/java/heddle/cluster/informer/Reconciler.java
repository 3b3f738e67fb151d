package heddle.cluster.informer;

import java.time.Duration;
import java.util.Optional;

/** Brings one object's world to what the object asks for. */
public interface Reconciler {

  /**
   * Looks at the present state and acts; called again whenever something about the key changes. A
   * failure is retried with growing delay.
   *
   * @return when to look again without any change, or empty
   */
  Optional<Duration> reconcile(Key key) throws Exception;
}
