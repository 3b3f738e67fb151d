package heddle.images;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** A value of the user's file that knows where it stands, for messages. */
record Fields(String place, @Nullable Object value) {

  boolean isList() {
    return value instanceof List;
  }

  /** The same value as the only field of an object. */
  Fields under(String field) {
    var map = new LinkedHashMap<String, @Nullable Object>();
    map.put(field, value);
    return new Fields(place, map);
  }

  Fields onlyWith(Set<String> known) {
    for (String key : map().keySet()) {
      if (!known.contains(key)) {
        throw problem("unknown field " + key + " (expected: one of " + new TreeSet<>(known) + ")");
      }
    }
    return this;
  }

  Fields child(String field) {
    return new Fields(place + ": " + field, map().get(field));
  }

  void forEach(BiConsumer<String, Fields> each) {
    map().forEach((key, child) -> each.accept(key, new Fields(place + ": " + key, child)));
  }

  Optional<String> string(String field) {
    return Optional.ofNullable(map().get(field)).map(Object::toString);
  }

  Optional<Integer> number(String field) {
    Object number = map().get(field);
    if (number == null) {
      return Optional.empty();
    }
    if (number instanceof Integer whole && whole >= 0) {
      return Optional.of(whole);
    }
    throw problem(field + ": " + number + " (expected: a whole number >= 0)");
  }

  List<String> strings(String field) {
    Object list = map().get(field);
    if (list == null) {
      return List.of();
    }
    if (list instanceof List<?> items) {
      return items.stream().map(String::valueOf).toList();
    }
    throw problem(field + ": " + list + " (expected: a list)");
  }

  Map<String, String> stringMap(String field) {
    var strings = new LinkedHashMap<String, String>();
    if (map().get(field) != null) {
      child(field).map().forEach((key, text) -> strings.put(key, String.valueOf(text)));
    }
    return strings;
  }

  IllegalArgumentException problem(String message) {
    return new IllegalArgumentException(place + ": " + message);
  }

  private Map<String, @Nullable Object> map() {
    if (!(value instanceof Map<?, ?> entries)) {
      throw problem(value + " (expected: an object)");
    }
    var map = new LinkedHashMap<String, @Nullable Object>();
    entries.forEach((key, child) -> map.put(String.valueOf(key), child));
    return map;
  }
}
