package heddle.manifest;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The way from an object's root to one of its fields, built while descending: {@code
 * spec.routes[0].retryPolicy.maxRetries}. Knows the object it belongs to, so that a diagnostic can
 * name it.
 */
public final class FieldPath {

  private static final Pattern PLAIN = Pattern.compile("[A-Za-z_][A-Za-z0-9_-]*");

  private final @Nullable FieldPath parent;
  private final Step step;

  private sealed interface Step {
    record Root(String subject) implements Step {}

    record Field(String name) implements Step {}

    record Index(int index) implements Step {}
  }

  private FieldPath(@Nullable FieldPath parent, Step step) {
    this.parent = parent;
    this.step = step;
  }

  /** The root of an object that has no identity yet. */
  public static FieldPath root() {
    return new FieldPath(null, new Step.Root(""));
  }

  /** The root of an identified object; shown as {@code Kind namespace/name}. */
  public static FieldPath of(String kind, @Nullable String namespace, String name) {
    String owner = namespace == null || namespace.isEmpty() ? "" : namespace + "/";
    return new FieldPath(null, new Step.Root(kind + " " + owner + name));
  }

  /** The path of a member of the mapping that this path leads to. */
  public FieldPath field(String name) {
    return new FieldPath(this, new Step.Field(name));
  }

  /** Several {@link #field} steps at once. */
  public FieldPath fields(String... names) {
    FieldPath path = this;
    for (String name : names) {
      path = path.field(name);
    }
    return path;
  }

  /** The path of an item (from 0) of the sequence that this path leads to. */
  public FieldPath index(int index) {
    return new FieldPath(this, new Step.Index(index));
  }

  /** The object this path starts from, such as {@code VirtualRouter default/ratings}; or empty. */
  public String subject() {
    FieldPath at = this;
    while (at.parent != null) {
      at = at.parent;
    }
    return at.step instanceof Step.Root(String subject) ? subject : "";
  }

  /**
   * Follows this path through a tree as far as it exists.
   *
   * @return the node itself, or the deepest one above it: the best place to point at
   */
  public Node locate(Node root) {
    Node at = root;
    for (Step next : steps()) {
      Node below =
          switch (next) {
            case Step.Root ignored -> at;
            case Step.Field(String name) -> at instanceof Node.Mapping map ? map.get(name) : null;
            case Step.Index(int index) ->
                at instanceof Node.Sequence list && index < list.items().size()
                    ? list.items().get(index)
                    : null;
          };
      if (below == null) {
        return at;
      }
      at = below;
    }
    return at;
  }

  private Deque<Step> steps() {
    Deque<Step> steps = new ArrayDeque<>();
    for (FieldPath at = this; at != null; at = at.parent) {
      steps.addFirst(at.step);
    }
    return steps;
  }

  /** The path alone, without the object; empty for the root. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    for (Step next : steps()) {
      switch (next) {
        case Step.Root ignored -> {}
        case Step.Index(int index) -> text.append('[').append(index).append(']');
        case Step.Field(String name) when PLAIN.matcher(name).matches() ->
            text.append(text.isEmpty() ? "" : ".").append(name);
        case Step.Field(String name) -> text.append("[\"").append(name).append("\"]");
      }
    }
    return text.toString();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof FieldPath path
        && subject().equals(path.subject())
        && toString().equals(path.toString());
  }

  @Override
  public int hashCode() {
    return 31 * subject().hashCode() + toString().hashCode();
  }
}
