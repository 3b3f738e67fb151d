package heddle.cluster.store;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The objects of one resource in memory, by namespace and name, and its hub. */
final class Shelf {
  private final TreeMap<String, TreeMap<String, Stored>> namespaces = new TreeMap<>();
  final Hub hub;

  Shelf(Hub hub) {
    this.hub = hub;
  }

  @Nullable Stored get(String namespace, String name) {
    TreeMap<String, Stored> names = namespaces.get(namespace);
    return names == null ? null : names.get(name);
  }

  void put(Stored stored) {
    namespaces
        .computeIfAbsent(stored.key().namespace(), n -> new TreeMap<>())
        .put(stored.key().name(), stored);
  }

  void remove(Key key) {
    TreeMap<String, Stored> names = namespaces.get(key.namespace());
    if (names != null) {
      names.remove(key.name());
      if (names.isEmpty()) {
        namespaces.remove(key.namespace());
      }
    }
  }

  List<Stored> list(String namespace) {
    if (!namespace.isEmpty()) {
      TreeMap<String, Stored> names = namespaces.get(namespace);
      return names == null ? List.of() : List.copyOf(names.values());
    }
    List<Stored> all = new ArrayList<>();
    namespaces.values().stream()
        .map(TreeMap::values)
        .forEach((Collection<Stored> v) -> all.addAll(v));
    return all;
  }
}
