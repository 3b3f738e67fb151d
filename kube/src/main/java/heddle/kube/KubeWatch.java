package heddle.kube;

import java.util.Optional;

/** A running watch; read by one thread, closed by any. */
public interface KubeWatch extends AutoCloseable {

  /**
   * Waits for the next event. Empty once the server or {@link #close} has ended the watch.
   *
   * @throws KubeException if the server reports an error, {@link KubeException#expired} among them,
   *     or the connection breaks
   */
  Optional<Event> next() throws InterruptedException;

  @Override
  void close();

  /** What happened to an object. */
  record Event(Type type, KubeObject object) {}

  /** Kubernetes' own words. */
  enum Type {
    ADDED,
    MODIFIED,
    DELETED,
    /** Nothing happened; the object carries the resource version only. */
    BOOKMARK
  }
}
