package heddle.differential;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** Reads scenarios; {@code spec/traffic/README.md} is the vocabulary. */
final class ScenarioReader {
  static final Path ROOT = Path.of("..", "spec", "traffic");
  private static final String FILE = "scenario.yaml";

  /** Every scenario below a folder, by name. */
  List<Scenario> readAll(Path root) throws IOException {
    List<Path> files;
    try (Stream<Path> found = Files.walk(root)) {
      files = found.filter(file -> file.getFileName().toString().equals(FILE)).sorted().toList();
    }
    List<Scenario> all = new ArrayList<>();
    for (Path file : files) {
      String name = root.relativize(file.getParent()).toString();
      all.add(read(file.getParent(), name, Files.readString(file)));
    }
    return all;
  }

  Scenario read(Path folder, String name, String text) {
    String file = name + "/" + FILE;
    Part part = new Part(file, "", Trees.yaml(file, text));
    String why = part.text("why");
    ObjectNode config =
        part.has("config")
            ? (ObjectNode) part.get("config")
            : JsonNodeFactory.instance.objectNode();
    XdsDraft.check(file + ": config", config);
    CompiledNode mesh = CompiledNode.NONE;
    if (part.has("mesh")) {
      Part node = part.part("mesh");
      mesh = CompiledNode.read(folder, node.text("node"), node.text("listener"));
      node.end();
    }
    Map<String, UpstreamScript> upstreams = upstreams(part);
    Set<String> alike = new LinkedHashSet<>(part.texts("alike"));
    List<Step> steps = new StepReader().read(part);
    Expectation expectation =
        part.has("expect") ? new ExpectationReader().read(part.part("expect")) : Expectation.NONE;
    Map<String, String> ignore = new LinkedHashMap<>();
    if (part.has("ignore")) {
      part.part("ignore").entries().forEach((line, reason) -> ignore.put(line, reason.asText()));
    }
    Map<String, Scenario.Difference> differs = differs(part);
    part.end();
    return new Scenario(
        folder, name, why, config, mesh, upstreams, alike, steps, expectation, ignore, differs);
  }

  private static Map<String, UpstreamScript> upstreams(Part scenario) {
    Map<String, UpstreamScript> upstreams = new LinkedHashMap<>();
    if (scenario.has("upstreams")) {
      Part part = scenario.part("upstreams");
      part.entries()
          .forEach((name, script) -> upstreams.put(name, ScriptReader.read(name, part, script)));
    } else {
      upstreams.put(
          "a", ScriptReader.read("a", scenario, JsonNodeFactory.instance.numberNode(200)));
    }
    return upstreams;
  }

  private static Map<String, Scenario.Difference> differs(Part scenario) {
    Map<String, Scenario.Difference> differs = new LinkedHashMap<>();
    if (scenario.has("differs")) {
      Part all = scenario.part("differs");
      for (Map.Entry<String, JsonNode> entry : all.entries().entrySet()) {
        Part one = all.of(entry.getKey(), entry.getValue());
        differs.put(
            entry.getKey(),
            new Scenario.Difference(
                one.text("reason"), one.text("embedded", ""), one.text("envoy", "")));
        one.end();
      }
    }
    return differs;
  }
}
