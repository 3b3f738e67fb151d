package heddle.scenario;

import heddle.load.Durations;
import heddle.manifest.ManifestReader;
import heddle.manifest.Node;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/** Reads scenario files; {@code examples/README.md} describes the format. */
public final class ScenarioReader {
  private static final Duration TIMEOUT = Duration.ofMinutes(2);
  private static final Set<String> TOP =
      Set.of("name", "description", "needs", "variables", "steps");
  private static final Set<String> ACTIONS = Set.of("run", "apply", "await", "load");
  private static final Set<String> STEP =
      Set.of(
          "step",
          "run",
          "apply",
          "await",
          "load",
          "background",
          "running",
          "when",
          "within",
          "timeout",
          "expected",
          "observe",
          "expect");
  private static final Set<String> EXPECT =
      Set.of("exit", "is", "contains", "lacks", "matches", "count", "jq");
  private static final Set<String> LOAD = Set.of("url", "rate", "duration", "connections");

  private ScenarioReader() {}

  /**
   * @throws ScenarioException when the file is not a scenario
   * @throws heddle.manifest.ManifestException when it is not YAML
   */
  public static Scenario read(Path file) throws IOException {
    Path folder = file.toAbsolutePath().getParent();
    if (folder == null) {
      throw new ScenarioException(file + " is in no folder");
    }
    return parse(file.toString(), Files.readString(file), folder);
  }

  static Scenario parse(String name, String text, Path folder) {
    var documents = new ManifestReader().read(name, text);
    if (documents.size() != 1) {
      throw new ScenarioException(name + ": " + documents.size() + " documents (expected: 1)");
    }
    var root = known(documents.getFirst().root(), TOP);
    var variables = new LinkedHashMap<String, String>();
    var given = root.mapping("variables");
    if (given != null) {
      given.entries().forEach(entry -> variables.put(entry.key(), scalar(entry.value())));
    }
    var steps = new ArrayList<Step>();
    for (Node step : root.items("steps")) {
      steps.add(step(known(mapping(step), STEP)));
    }
    if (steps.isEmpty()) {
      throw problem(root, "no steps (expected: at least one)");
    }
    return new Scenario(
        required(root, "name"),
        optional(root, "description").orElse(""),
        folder,
        strings(root.get("needs")),
        variables,
        steps);
  }

  private static Step step(Node.Mapping step) {
    var expectations = new ArrayList<Expectation>();
    var expect = step.mapping("expect");
    if (expect != null) {
      expectations.addAll(expectations(known(expect, EXPECT)));
    }
    if (expectations.stream().noneMatch(one -> one instanceof Expectation.Exit)) {
      expectations.addFirst(new Expectation.Exit(0));
    }
    return new Step(
        required(step, "step"),
        action(step),
        optional(step, "when"),
        optional(step, "within").map(text -> duration(step, text)),
        optional(step, "timeout").map(text -> duration(step, text)).orElse(TIMEOUT),
        optional(step, "expected").orElse(""),
        optional(step, "observe"),
        expectations);
  }

  private static Step.Action action(Node.Mapping step) {
    var given = ACTIONS.stream().filter(name -> step.get(name) != null).toList();
    if (given.size() != 1) {
      throw problem(step, "does " + given + " (expected: one of " + new TreeSet<>(ACTIONS) + ")");
    }
    var background = optional(step, "background");
    if (background.isPresent()) {
      return new Step.Action.Background(background.get(), required(step, "run"));
    }
    return switch (given.getFirst()) {
      case "run" -> new Step.Action.Run(required(step, "run"));
      case "apply" -> new Step.Action.Run("kubectl apply -f " + required(step, "apply"));
      case "await" ->
          new Step.Action.Await(
              required(step, "await"), optional(step, "running").orElse("false").equals("true"));
      default -> load(known(mapping(step.get("load")), LOAD));
    };
  }

  private static Step.Action load(Node.Mapping load) {
    return new Step.Action.Load(
        required(load, "url"),
        optional(load, "rate").orElse("50"),
        optional(load, "duration").orElse("4s"),
        Integer.parseInt(optional(load, "connections").orElse("0")));
  }

  private static List<Expectation> expectations(Node.Mapping expect) {
    var all = new ArrayList<Expectation>();
    optional(expect, "exit").ifPresent(code -> all.add(exit(expect, code)));
    optional(expect, "is").ifPresent(text -> all.add(new Expectation.Is(text)));
    strings(expect.get("contains")).forEach(text -> all.add(new Expectation.Contains(text)));
    strings(expect.get("lacks")).forEach(text -> all.add(new Expectation.Lacks(text)));
    strings(expect.get("matches"))
        .forEach(text -> all.add(new Expectation.Matches(pattern(expect, text))));
    strings(expect.get("jq")).forEach(text -> all.add(new Expectation.Jq(text)));
    var counts = expect.mapping("count");
    if (counts != null) {
      for (Node.Entry entry : counts.entries()) {
        Long lines = counts.whole(entry.key());
        if (lines == null) {
          throw problem(entry.value(), "count: " + entry.value() + " (expected: a whole number)");
        }
        all.add(new Expectation.Count(pattern(expect, entry.key()), lines));
      }
    }
    return all;
  }

  private static Expectation exit(Node place, String code) {
    try {
      return new Expectation.Exit(Integer.parseInt(code));
    } catch (NumberFormatException e) {
      throw problem(place, "exit: " + code + " (expected: a whole number)");
    }
  }

  private static Pattern pattern(Node place, String text) {
    try {
      return Pattern.compile(text);
    } catch (PatternSyntaxException e) {
      throw problem(place, "no regular expression: " + text + " (" + e.getDescription() + ")");
    }
  }

  private static Duration duration(Node place, String text) {
    try {
      return Durations.parse(text);
    } catch (IllegalArgumentException e) {
      throw problem(place, String.valueOf(e.getMessage()));
    }
  }

  private static Node.Mapping known(Node.Mapping map, Set<String> fields) {
    for (Node.Entry entry : map.entries()) {
      if (!fields.contains(entry.key())) {
        throw new ScenarioException(
            entry.origin()
                + ": unknown field "
                + entry.key()
                + " (expected: one of "
                + new TreeSet<>(fields)
                + ")");
      }
    }
    return map;
  }

  private static Node.Mapping mapping(@Nullable Node node) {
    if (node instanceof Node.Mapping map) {
      return map;
    }
    throw new ScenarioException((node == null ? "?" : node.origin()) + ": expected an object");
  }

  private static String required(Node.Mapping map, String field) {
    return optional(map, field).orElseThrow(() -> problem(map, "no " + field));
  }

  private static Optional<String> optional(Node.Mapping map, String field) {
    return Optional.ofNullable(map.present(field)).map(ScenarioReader::scalar);
  }

  private static List<String> strings(@Nullable Node node) {
    if (node == null) {
      return List.of();
    }
    return node instanceof Node.Sequence list
        ? list.items().stream().map(ScenarioReader::scalar).toList()
        : List.of(scalar(node));
  }

  private static String scalar(Node node) {
    Object plain = node.plain();
    if (plain == null || plain instanceof Map || plain instanceof List) {
      throw problem(node, node.type() + " (expected: a text or a number)");
    }
    return plain.toString();
  }

  private static ScenarioException problem(Node place, String message) {
    return new ScenarioException(place.origin() + ": " + message);
  }
}
