package heddle.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import heddle.manifest.Diagnostic;
import heddle.manifest.Document;
import heddle.manifest.ManifestReader;
import heddle.mesh.emit.XdsJson;
import heddle.mesh.input.KubernetesDocuments;
import heddle.mesh.input.Pod;
import heddle.mesh.lint.Lint;
import heddle.mesh.lint.LintReport;
import heddle.mesh.model.ResourceStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Proves every case below {@code spec/}: manifests in, expected xDS, statuses and diagnostics out.
 * Adding a behaviour is adding a folder; {@code -Dheddle.spec.rewrite=true} writes what is
 * observed, for a person to read before it is committed.
 */
class SpecTest {

  private static final Path SPEC = Path.of("..", "spec");
  private static final boolean REWRITE = Boolean.getBoolean("heddle.spec.rewrite");

  private final XdsJson json = new XdsJson();

  @TestFactory
  List<DynamicTest> everyCaseCompilesAsExpected() throws IOException {
    try (Stream<Path> files = Files.walk(SPEC)) {
      List<Path> cases =
          files
              .filter(file -> file.getFileName().toString().equals("manifest.yaml"))
              .map(Path::getParent)
              .sorted()
              .toList();
      assertThat(cases).isNotEmpty();
      return cases.stream()
          .map(c -> DynamicTest.dynamicTest(SPEC.relativize(c).toString(), () -> prove(c)))
          .toList();
    }
  }

  private void prove(Path folder) throws IOException {
    Map<String, String> observed = observe(folder);
    Path expectations = folder.resolve("expected");
    if (REWRITE) {
      rewrite(expectations, observed);
    }
    assertThat(read(expectations)).containsExactlyInAnyOrderEntriesOf(observed);
  }

  private Map<String, String> observe(Path folder) throws IOException {
    LintReport report =
        new Lint()
            .check(Map.of("manifest.yaml", Files.readString(folder.resolve("manifest.yaml"))));
    Map<String, String> observed = new TreeMap<>();
    observed.put("diagnostics.txt", diagnostics(report.diagnostics()));
    observed.put("statuses.txt", statuses(report.mesh().statuses()));
    report
        .mesh()
        .nodes()
        .forEach((id, node) -> observed.put(fileName(id), GoldenJson.layOut(json.print(node))));
    Path pods = folder.resolve("pods.yaml");
    if (Files.exists(pods)) {
      observed.put(
          "endpoints.json",
          GoldenJson.layOut(
              "{\"endpoints\": "
                  + json.printAll(report.mesh().endpoints(pods(Files.readString(pods))).values())
                  + "}"));
    }
    return observed;
  }

  private static List<Pod> pods(String text) {
    return new ManifestReader()
        .read("pods.yaml", text).stream()
            .map((Document document) -> KubernetesDocuments.pod(document))
            .flatMap(Optional::stream)
            .toList();
  }

  private static String fileName(String nodeId) {
    return nodeId.substring(nodeId.indexOf('/', 5) + 1).replace('/', '.') + ".json";
  }

  private static String diagnostics(List<Diagnostic> diagnostics) {
    StringBuilder text = new StringBuilder();
    for (Diagnostic diagnostic : diagnostics) {
      text.append(diagnostic.severity().word()).append(" [").append(diagnostic.code()).append("] ");
      text.append(diagnostic).append('\n');
      if (diagnostic.hint() != null) {
        text.append("    hint: ").append(diagnostic.hint()).append('\n');
      }
    }
    return text.toString();
  }

  private static String statuses(List<ResourceStatus> statuses) {
    StringBuilder text = new StringBuilder();
    for (ResourceStatus status : statuses) {
      text.append(status.key()).append(": ").append(status.reason());
      text.append(status.message().isEmpty() ? "" : ": " + status.message()).append('\n');
    }
    return text.toString();
  }

  private static Map<String, String> read(Path folder) throws IOException {
    Map<String, String> texts = new LinkedHashMap<>();
    if (!Files.isDirectory(folder)) {
      return texts;
    }
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.sorted().toList()) {
        texts.put(file.getFileName().toString(), Files.readString(file));
      }
    }
    return texts;
  }

  private static void rewrite(Path folder, Map<String, String> observed) throws IOException {
    Files.createDirectories(folder);
    for (String stale : new ArrayList<>(read(folder).keySet())) {
      Files.delete(folder.resolve(stale));
    }
    for (Map.Entry<String, String> file : observed.entrySet()) {
      Files.writeString(folder.resolve(file.getKey()), file.getValue());
    }
  }
}
