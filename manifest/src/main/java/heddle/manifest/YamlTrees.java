package heddle.manifest;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.common.Anchor;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.DocumentEndEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingEndEvent;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.events.SequenceEndEvent;
import org.snakeyaml.engine.v2.events.SequenceStartEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/** Reads YAML streams. */
final class YamlTrees {

  private static final String CORE = "tag:yaml.org,2002:";

  private final String file;
  private final ReadLimits limits;
  private final List<Diagnostic> problems;

  YamlTrees(String file, ReadLimits limits, List<Diagnostic> problems) {
    this.file = file;
    this.limits = limits;
    this.problems = problems;
  }

  /** The roots of the stream's documents, empty ones left out. */
  List<Node> read(String text) {
    LoadSettings settings =
        LoadSettings.builder().setLabel(file).setCodePointLimit(limits.codePoints()).build();
    TreeBuilder tree = new TreeBuilder(limits, problems);
    List<Node> roots = new ArrayList<>();
    try {
      for (Event event : new Parse(settings).parseString(text)) {
        accept(event, tree);
        if (event instanceof DocumentEndEvent) {
          Node root = tree.take();
          if (root != null && !(root instanceof Node.Nothing)) {
            roots.add(root);
          }
        }
      }
    } catch (MarkedYamlEngineException e) {
      throw TreeBuilder.refused("yaml-syntax", origin(e.getProblemMark()), syntax(e));
    } catch (YamlEngineException e) {
      throw TreeBuilder.refused(
          "yaml-syntax", new Origin.File(file, 1, 1), String.valueOf(e.getMessage()));
    }
    return roots;
  }

  private void accept(Event event, TreeBuilder tree) {
    Origin origin = origin(event.getStartMark());
    switch (event) {
      case MappingStartEvent start -> tree.open(true, origin, name(start.getAnchor()));
      case SequenceStartEvent start -> tree.open(false, origin, name(start.getAnchor()));
      case MappingEndEvent ignored -> tree.close();
      case SequenceEndEvent ignored -> tree.close();
      case AliasEvent alias when tree.expectsKey() ->
          throw TreeBuilder.refused("key-type", origin, "a key is an alias (expected: a string)");
      case AliasEvent alias -> tree.alias(alias.getAlias().getValue(), origin);
      case ScalarEvent scalar when tree.expectsKey() -> key(scalar, origin, tree);
      case ScalarEvent scalar -> tree.scalar(value(scalar, origin), name(scalar.getAnchor()));
      default -> {}
    }
  }

  private void key(ScalarEvent scalar, Origin origin, TreeBuilder tree) {
    boolean merge = scalar.isPlain() && scalar.getValue().equals("<<");
    String name =
        switch (value(scalar, origin)) {
          case Node.Text text -> text.value();
          case Node.Nothing ignored -> scalar.getValue().isEmpty() ? "" : "null";
          case Node other -> String.valueOf(other.plain());
        };
    tree.key(name, origin, merge);
  }

  private Node value(ScalarEvent scalar, Origin origin) {
    String text = scalar.getValue();
    String tag = scalar.getTag().orElse(null);
    if (tag == null || tag.equals("!")) {
      return scalar.isPlain() && tag == null
          ? KubernetesScalars.resolve(text, origin)
          : new Node.Text(text, origin);
    }
    Node node =
        switch (tag) {
          case CORE + "str", CORE + "timestamp" -> new Node.Text(text, origin);
          case CORE + "int", CORE + "float" -> KubernetesScalars.number(text, origin);
          case CORE + "bool", CORE + "null" -> KubernetesScalars.resolve(text, origin);
          default -> null;
        };
    if (node == null) {
      throw TreeBuilder.refused(
          "yaml-tag",
          origin,
          "\"" + text + "\" with the tag " + tag + " (expected: str, int, float, bool or null)");
    }
    return node;
  }

  private static @Nullable String name(Optional<Anchor> anchor) {
    return anchor.map(Anchor::getValue).orElse(null);
  }

  private static String syntax(MarkedYamlEngineException e) {
    String context =
        e.getContext() == null || e.getContext().isBlank() ? "" : e.getContext() + ", ";
    return context + e.getProblem();
  }

  private Origin origin(Optional<Mark> mark) {
    return mark.map(at -> new Origin.File(file, at.getLine() + 1, at.getColumn() + 1))
        .orElseGet(() -> new Origin.File(file, 1, 1));
  }
}
