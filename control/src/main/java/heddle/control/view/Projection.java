package heddle.control.view;

import heddle.kube.KubeObject;
import heddle.kube.cache.ResourceCache;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Function;

/**
 * The objects of a cache in a stable order, each translated once when it changes. Kept by the
 * cache's thread, read by any.
 */
final class Projection<T> {
  private final Function<KubeObject, Optional<T>> translation;
  private final Map<String, T> byKey = new ConcurrentSkipListMap<>();

  /** The translation is empty for an object that does not count. */
  Projection(Function<KubeObject, Optional<T>> translation) {
    this.translation = translation;
  }

  /** A listener that keeps the projection and then tells another. */
  ResourceCache.Listener before(ResourceCache.Listener next) {
    return (before, after) -> {
      if (after != null) {
        translation
            .apply(after)
            .ifPresentOrElse(
                translated -> byKey.put(after.key(), translated), () -> byKey.remove(after.key()));
      } else if (before != null) {
        byKey.remove(before.key());
      }
      next.changed(before, after);
    };
  }

  List<T> sorted() {
    return List.copyOf(byKey.values());
  }
}
