package heddle.manifest;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Grows one tree from a stream of parser events, holding the reader's limits. Recursion-free, so
 * that depth is a diagnostic and never a stack overflow.
 */
final class TreeBuilder {

  /** A finished part of the tree: how many nodes it expands to, and how deep it goes. */
  record Part(Node node, int size, int height) {}

  /** A list or mapping whose end has not been read yet. */
  private static final class Open {
    final boolean mapping;
    final Origin origin;
    final @Nullable String anchor;
    final List<Node> items = new ArrayList<>();
    final Map<String, Node.Entry> entries = new LinkedHashMap<>();
    final List<Node.Mapping> merged = new ArrayList<>();
    int size = 1;
    int height = 1;
    @Nullable Key key;

    Open(boolean mapping, Origin origin, @Nullable String anchor) {
      this.mapping = mapping;
      this.origin = origin;
      this.anchor = anchor;
    }
  }

  private record Key(String name, Origin origin, boolean merge) {}

  private final ReadLimits limits;
  private final List<Diagnostic> problems;
  private final Deque<Open> open = new ArrayDeque<>();
  private final Map<String, Part> anchors = new LinkedHashMap<>();
  private long total;
  private @Nullable Node result;

  TreeBuilder(ReadLimits limits, List<Diagnostic> problems) {
    this.limits = limits;
    this.problems = problems;
  }

  /** Whether the next event is a key of a mapping. */
  boolean expectsKey() {
    Open top = open.peek();
    return top != null && top.mapping && top.key == null;
  }

  void key(String name, Origin origin, boolean merge) {
    count(1, origin);
    Open top = open.element();
    top.key = new Key(name, origin, merge);
    Node.Entry earlier = top.entries.get(name);
    if (earlier != null && !merge) {
      problems.add(
          Diagnostic.error(
              "duplicate-key",
              origin,
              FieldPath.root(),
              "the key \""
                  + name
                  + "\" stands twice in one object (first at "
                  + earlier.origin()
                  + ")"));
    }
  }

  void open(boolean mapping, Origin origin, @Nullable String anchor) {
    if (expectsKey()) {
      throw refused(
          "key-type",
          origin,
          "a key is " + (mapping ? "an object" : "a list") + " (expected: a string)");
    }
    count(1, origin);
    checkDepth(1, origin);
    open.push(new Open(mapping, origin, anchor));
  }

  void close() {
    Open top = open.pop();
    Node node =
        top.mapping
            ? new Node.Mapping(withMerged(top), top.origin)
            : new Node.Sequence(top.items, top.origin);
    finish(new Part(node, top.size, top.height), top.anchor);
  }

  void scalar(Node node, @Nullable String anchor) {
    count(1, node.origin());
    finish(new Part(node, 1, 0), anchor);
  }

  void alias(String anchor, Origin origin) {
    Part part = anchors.get(anchor);
    if (part == null) {
      throw refused(
          "unknown-alias",
          origin,
          "*" + anchor + " (expected: an anchor &" + anchor + " that ends before this place)");
    }
    count(part.size, origin);
    checkDepth(part.height, origin);
    finish(part, null);
  }

  /** The finished tree, and a clean slate for the next document. */
  @Nullable Node take() {
    Node node = result;
    result = null;
    anchors.clear();
    return node;
  }

  private void finish(Part part, @Nullable String anchor) {
    if (anchor != null) {
      anchors.put(anchor, part);
    }
    Open top = open.peek();
    if (top == null) {
      result = part.node;
      return;
    }
    top.size += part.size;
    top.height = Math.max(top.height, part.height + 1);
    if (!top.mapping) {
      top.items.add(part.node);
      return;
    }
    Key key = java.util.Objects.requireNonNull(top.key);
    top.key = null;
    if (key.merge) {
      merge(top, part.node);
    } else {
      top.entries.put(key.name, new Node.Entry(key.name, key.origin, part.node));
    }
  }

  private void merge(Open into, Node node) {
    List<Node> sources = node instanceof Node.Sequence list ? list.items() : List.of(node);
    for (Node source : sources) {
      if (source instanceof Node.Mapping map) {
        into.merged.add(map);
      } else {
        problems.add(
            Diagnostic.error(
                "merge-type",
                source.origin(),
                FieldPath.root(),
                "<< merges a " + source.type() + " (expected: an object or a list of objects)"));
      }
    }
  }

  private static List<Node.Entry> withMerged(Open top) {
    if (top.merged.isEmpty()) {
      return List.copyOf(top.entries.values());
    }
    Map<String, Node.Entry> all = new LinkedHashMap<>(top.entries);
    top.merged.forEach(map -> map.entries().forEach(e -> all.putIfAbsent(e.key(), e)));
    return List.copyOf(all.values());
  }

  private void count(int nodes, Origin origin) {
    total += nodes;
    if (total > limits.nodes()) {
      throw refused(
          "too-large", origin, "more than " + limits.nodes() + " values once aliases are expanded");
    }
  }

  private void checkDepth(int height, Origin origin) {
    if (open.size() + height > limits.depth()) {
      throw refused("too-deep", origin, "nested deeper than " + limits.depth() + " levels");
    }
  }

  static ManifestException refused(String code, Origin origin, String message) {
    return new ManifestException(
        List.of(Diagnostic.error(code, origin, FieldPath.root(), message)));
  }
}
