package heddle.manifest;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A value of a manifest, and where it stands. Immutable; members keep the order of the input. */
public sealed interface Node {

  Origin origin();

  /** How messages call this kind of value: {@code object}, {@code list}, {@code string}… */
  String type();

  /**
   * The value in the JDK's own types: {@code LinkedHashMap<String, Object>}, {@code ArrayList},
   * {@code String}, {@code Long}, {@code Double}, {@code Boolean}, null. The caller's to change.
   */
  @Nullable Object plain();

  /** The value as JSON without blanks. */
  default String json() {
    return JsonText.write(this);
  }

  /** A mapping; its keys are unique. */
  final class Mapping implements Node {
    private final List<Entry> entries;
    private final Map<String, Entry> byKey;
    private final Origin origin;

    /** Keys must be unique: the reader refuses duplicates, this constructor keeps the last. */
    public Mapping(List<Entry> entries, Origin origin) {
      Map<String, Entry> index = new LinkedHashMap<>();
      entries.forEach(entry -> index.put(entry.key(), entry));
      this.entries = List.copyOf(index.values());
      this.byKey = Collections.unmodifiableMap(index);
      this.origin = origin;
    }

    public List<Entry> entries() {
      return entries;
    }

    /** The value of a key; null when the key is absent. */
    public @Nullable Node get(String key) {
      Entry entry = byKey.get(key);
      return entry == null ? null : entry.value();
    }

    /** The value of a key, an explicit {@code null} counting as absent as it does in Kubernetes. */
    public @Nullable Node present(String key) {
      Node value = get(key);
      return value instanceof Nothing ? null : value;
    }

    /** A member that is a mapping; null when it is absent or something else. */
    public @Nullable Mapping mapping(String key) {
      return get(key) instanceof Mapping map ? map : null;
    }

    /** The items of a member that is a list; empty when it is absent or something else. */
    public List<Node> items(String key) {
      return get(key) instanceof Sequence list ? list.items() : List.of();
    }

    /** A member that is a string; null when it is absent or something else. */
    public @Nullable String text(String key) {
      return get(key) instanceof Text text ? text.value() : null;
    }

    /** A member that is an integer; null when it is absent or something else. */
    public @Nullable Long whole(String key) {
      return get(key) instanceof Whole whole ? Long.valueOf(whole.value()) : null;
    }

    @Override
    public Origin origin() {
      return origin;
    }

    @Override
    public String type() {
      return "object";
    }

    @Override
    public Map<String, @Nullable Object> plain() {
      Map<String, @Nullable Object> map = new LinkedHashMap<>();
      entries.forEach(entry -> map.put(entry.key(), entry.value().plain()));
      return map;
    }

    @Override
    public String toString() {
      return json();
    }
  }

  /** A member of a mapping; {@code origin} is the key's. */
  record Entry(String key, Origin origin, Node value) {}

  /** A list. */
  record Sequence(List<Node> items, Origin origin) implements Node {
    public Sequence {
      items = List.copyOf(items);
    }

    @Override
    public String type() {
      return "list";
    }

    @Override
    public List<@Nullable Object> plain() {
      List<@Nullable Object> list = new ArrayList<>();
      items.forEach(item -> list.add(item.plain()));
      return list;
    }

    @Override
    public String toString() {
      return json();
    }
  }

  /** A string. */
  record Text(String value, Origin origin) implements Node {
    @Override
    public String type() {
      return "string";
    }

    @Override
    public String plain() {
      return value;
    }

    @Override
    public String toString() {
      return json();
    }
  }

  /** An integer; larger ones than a long holds become {@link Decimal}. */
  record Whole(long value, Origin origin) implements Node {
    @Override
    public String type() {
      return "integer";
    }

    @Override
    public Long plain() {
      return value;
    }

    @Override
    public String toString() {
      return json();
    }
  }

  /** Any other number. */
  record Decimal(double value, Origin origin) implements Node {
    @Override
    public String type() {
      return "number";
    }

    @Override
    public Double plain() {
      return value;
    }

    @Override
    public String toString() {
      return json();
    }
  }

  /** A boolean. */
  record Truth(boolean value, Origin origin) implements Node {
    @Override
    public String type() {
      return "boolean";
    }

    @Override
    public Boolean plain() {
      return value;
    }

    @Override
    public String toString() {
      return json();
    }
  }

  /** An explicit null. */
  record Nothing(Origin origin) implements Node {
    @Override
    public String type() {
      return "null";
    }

    @Override
    public @Nullable Object plain() {
      return null;
    }

    @Override
    public String toString() {
      return json();
    }
  }
}
