package heddle.manifest;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes nodes out of the JDK's own types. */
final class PlainTrees {

  private PlainTrees() {}

  static Node.Mapping objectTree(Map<String, ? extends @Nullable Object> object) {
    return mapping(object, identity(object));
  }

  private static Origin identity(Map<String, ? extends @Nullable Object> object) {
    Map<?, ?> metadata = object.get("metadata") instanceof Map<?, ?> map ? map : Map.of();
    return new Origin.KubernetesObject(
        text(object.get("kind"), ""),
        textOrNull(metadata.get("namespace")),
        text(metadata.get("name"), ""),
        textOrNull(metadata.get("resourceVersion")));
  }

  private static String text(@Nullable Object value, String otherwise) {
    return value instanceof String text ? text : otherwise;
  }

  private static @Nullable String textOrNull(@Nullable Object value) {
    return value instanceof String text ? text : null;
  }

  private static Node.Mapping mapping(Map<?, ?> map, Origin origin) {
    List<Node.Entry> entries = new ArrayList<>();
    map.forEach(
        (key, value) ->
            entries.add(new Node.Entry(String.valueOf(key), origin, node(value, origin))));
    return new Node.Mapping(entries, origin);
  }

  static Node node(@Nullable Object value, Origin origin) {
    return switch (value) {
      case null -> new Node.Nothing(origin);
      case Map<?, ?> map -> mapping(map, origin);
      case Iterable<?> list -> {
        List<Node> items = new ArrayList<>();
        list.forEach(item -> items.add(node(item, origin)));
        yield new Node.Sequence(items, origin);
      }
      case String text -> new Node.Text(text, origin);
      case Boolean truth -> new Node.Truth(truth, origin);
      case Integer whole -> new Node.Whole(whole, origin);
      case Long whole -> new Node.Whole(whole, origin);
      case BigInteger whole when whole.bitLength() < Long.SIZE ->
          new Node.Whole(whole.longValue(), origin);
      case Number number -> new Node.Decimal(number.doubleValue(), origin);
      default ->
          throw new IllegalArgumentException(
              value.getClass() + " (expected: a map, list, string, number, boolean or null)");
    };
  }
}
