package heddle.resource.appmesh;

import heddle.manifest.Diagnostic;
import heddle.manifest.FieldPath;
import heddle.manifest.Node;
import heddle.manifest.Severity;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A place in a tree while rules are checked: an object, its path, and where findings go. */
record At(Node.Mapping map, FieldPath path, Consumer<Diagnostic> sink) {

  /** The object below; null when the member is absent or no object. */
  @Nullable At child(String name) {
    Node.Mapping below = map.mapping(name);
    return below == null ? null : new At(below, path.field(name), sink);
  }

  /** The objects of a list below. */
  List<At> items(String name) {
    List<At> items = new ArrayList<>();
    List<Node> nodes = map.items(name);
    for (int i = 0; i < nodes.size(); i++) {
      if (nodes.get(i) instanceof Node.Mapping below) {
        items.add(new At(below, path.field(name).index(i), sink));
      }
    }
    return items;
  }

  /** Whether a member is there; an empty string counts as absent, as in the controller. */
  boolean has(String name) {
    Node value = map.present(name);
    return value != null
        && !(value instanceof Node.Text(String text, var ignored) && text.isEmpty());
  }

  List<String> present(String... names) {
    return Arrays.stream(names).filter(this::has).toList();
  }

  /** Reports at the object itself. */
  void error(String code, String message) {
    report(code, message, path, map);
  }

  /** Reports at a member, or at the object when the member is absent. */
  void errorAt(String name, String code, String message) {
    Node value = map.get(name);
    report(code, message, path.field(name), value == null ? map : value);
  }

  private void report(String code, String message, FieldPath where, Node node) {
    sink.accept(new Diagnostic(Severity.ERROR, code, node.origin(), where, message, null));
  }

  /** Demands exactly one of several members. */
  void exactlyOne(String... names) {
    List<String> found = present(names);
    if (found.size() == 1) {
      return;
    }
    String all = String.join(", ", names);
    if (found.isEmpty()) {
      error("exactly-one", "nothing of " + all + " (expected: exactly one of them)");
    } else {
      errorAt(
          found.get(1),
          "exactly-one",
          String.join(" and ", found) + " (expected: exactly one of " + all + ")");
    }
  }

  /** Refuses two of several members. */
  void atMostOne(String... names) {
    if (present(names).size() > 1) {
      exactlyOne(names);
    }
  }
}
