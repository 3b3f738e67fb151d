package heddle.resource.appmesh;

import heddle.manifest.Node;
import heddle.resource.LabelSelector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads members of an object that has already passed its schema: a mandatory member is there, and
 * every member has its type.
 */
record Fields(Node.Mapping map) {

  static Fields ofNullable(Node.@Nullable Mapping map) {
    return new Fields(map == null ? new Node.Mapping(List.of(), NOWHERE) : map);
  }

  private static final heddle.manifest.Origin NOWHERE = new heddle.manifest.Origin.File("", 1, 1);

  boolean has(String name) {
    return map.present(name) != null;
  }

  String text(String name) {
    return Objects.requireNonNull(map.text(name), name);
  }

  @Nullable String textOrNull(String name) {
    return map.text(name);
  }

  /** Empty strings count as absent, as they do in the App Mesh controller. */
  @Nullable String nonEmpty(String name) {
    String text = map.text(name);
    return text == null || text.isEmpty() ? null : text;
  }

  int whole(String name) {
    return saturated(Objects.requireNonNull(map.whole(name), name));
  }

  @Nullable Integer wholeOrNull(String name) {
    Long value = map.whole(name);
    return value == null ? null : Integer.valueOf(saturated(value));
  }

  private static int saturated(long value) {
    return (int) Math.max(Integer.MIN_VALUE, Math.min(Integer.MAX_VALUE, value));
  }

  boolean truth(String name, boolean otherwise) {
    return map.get(name) instanceof Node.Truth truth ? truth.value() : otherwise;
  }

  <T> T object(String name, Function<Fields, T> reader) {
    return reader.apply(new Fields(Objects.requireNonNull(map.mapping(name), name)));
  }

  <T> @Nullable T objectOrNull(String name, Function<Fields, T> reader) {
    Node.Mapping below = map.mapping(name);
    return below == null ? null : reader.apply(new Fields(below));
  }

  <T> List<T> objects(String name, Function<Fields, T> reader) {
    List<T> list = new ArrayList<>();
    for (Node item : map.items(name)) {
      if (item instanceof Node.Mapping below) {
        list.add(reader.apply(new Fields(below)));
      }
    }
    return list;
  }

  List<String> texts(String name) {
    List<String> list = new ArrayList<>();
    for (Node item : map.items(name)) {
      if (item instanceof Node.Text text) {
        list.add(text.value());
      }
    }
    return list;
  }

  List<Integer> wholes(String name) {
    List<Integer> list = new ArrayList<>();
    for (Node item : map.items(name)) {
      if (item instanceof Node.Whole whole) {
        list.add(saturated(whole.value()));
      }
    }
    return list;
  }

  @Nullable Duration durationOrNull(String name) {
    return objectOrNull(name, Fields::toDuration);
  }

  Duration duration(String name) {
    return object(name, Fields::toDuration);
  }

  private Duration toDuration() {
    long value = Objects.requireNonNull(map.whole("value"));
    return text("unit").equals("s") ? seconds(value) : Duration.ofMillis(value);
  }

  /** Protobuf's own limit, so that no value overflows on the way to a proxy. */
  private static Duration seconds(long value) {
    return Duration.ofSeconds(Math.min(value, 315_576_000_000L));
  }

  @Nullable LabelSelector selector(String name) {
    return objectOrNull(
        name,
        fields -> {
          Map<String, String> labels = new LinkedHashMap<>();
          Node.Mapping matchLabels = fields.map.mapping("matchLabels");
          if (matchLabels != null) {
            matchLabels
                .entries()
                .forEach(e -> labels.put(e.key(), String.valueOf(e.value().plain())));
          }
          return new LabelSelector(
              labels, fields.objects("matchExpressions", Fields::toRequirement));
        });
  }

  private LabelSelector.Requirement toRequirement() {
    LabelSelector.Operator operator =
        switch (text("operator")) {
          case "In" -> LabelSelector.Operator.IN;
          case "NotIn" -> LabelSelector.Operator.NOT_IN;
          case "Exists" -> LabelSelector.Operator.EXISTS;
          default -> LabelSelector.Operator.DOES_NOT_EXIST;
        };
    return new LabelSelector.Requirement(text("key"), operator, texts("values"));
  }
}
