package heddle.resource.schema;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The shape of a value. Null members of objects count as absent, as they do in Kubernetes. */
public sealed interface Schema {

  /** A member of an {@link Obj}. */
  record Property(String name, Schema schema, boolean required, String description) {}

  /** An object with these members and no others. */
  record Obj(List<Property> properties) implements Schema {
    public Obj {
      properties = List.copyOf(properties);
    }

    /** The member of that name. */
    public Optional<Property> property(String name) {
      return properties.stream().filter(property -> property.name().equals(name)).findFirst();
    }

    /** The same with a mandatory member more. */
    public Obj must(String name, Schema schema, String description) {
      return plus(new Property(name, schema, true, description));
    }

    /** The same with an optional member more. */
    public Obj may(String name, Schema schema, String description) {
      return plus(new Property(name, schema, false, description));
    }

    private Obj plus(Property property) {
      List<Property> all = new ArrayList<>(properties);
      all.add(property);
      return new Obj(all);
    }
  }

  /** A list; its length is within {@code min} and {@code max}. */
  record Arr(Schema items, int min, int max) implements Schema {}

  /** An object with arbitrary keys. */
  record Dict(Schema values) implements Schema {}

  /**
   * A string.
   *
   * @param max length in characters
   * @param values the allowed ones; empty for any
   * @param pattern a regular expression, or null
   * @param format as OpenAPI has it, or null
   */
  record Str(
      int min, int max, List<String> values, @Nullable String pattern, @Nullable String format)
      implements Schema {
    public Str {
      values = List.copyOf(values);
    }
  }

  /** An integer within {@code min} and {@code max}. */
  record Int(long min, long max) implements Schema {}

  /** A boolean. */
  record Bool() implements Schema {}

  static Obj object() {
    return new Obj(List.of());
  }

  static Arr list(Schema items) {
    return new Arr(items, 0, Integer.MAX_VALUE);
  }

  static Arr list(Schema items, int min, int max) {
    return new Arr(items, min, max);
  }

  static Dict dictionary(Schema values) {
    return new Dict(values);
  }

  static Str string() {
    return new Str(0, Integer.MAX_VALUE, List.of(), null, null);
  }

  static Str string(int min, int max) {
    return new Str(min, max, List.of(), null, null);
  }

  static Str pattern(int min, int max, String pattern) {
    return new Str(min, max, List.of(), pattern, null);
  }

  static Str dateTime() {
    return new Str(0, Integer.MAX_VALUE, List.of(), null, "date-time");
  }

  static Str oneOf(String... values) {
    return new Str(0, Integer.MAX_VALUE, Arrays.asList(values), null, null);
  }

  static Int integer(long min, long max) {
    return new Int(min, max);
  }

  static Int atLeast(long min) {
    return new Int(min, Long.MAX_VALUE);
  }

  static Int integer() {
    return new Int(Long.MIN_VALUE, Long.MAX_VALUE);
  }

  static Bool bool() {
    return new Bool();
  }
}
