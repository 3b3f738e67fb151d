package heddle.manifest;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads manifests: YAML streams of several documents, JSON, and {@code v1 List}s of either, whose
 * items become documents of their own. Duplicate keys are refused; scalars resolve as they do for
 * Kubernetes ({@code 0400} is octal, {@code yes} is true).
 *
 * <p>Stateless; safe for any thread.
 */
public final class ManifestReader {

  private final ReadLimits limits;

  /** A reader with {@link ReadLimits#standard()}. */
  public ManifestReader() {
    this(ReadLimits.standard());
  }

  public ManifestReader(ReadLimits limits) {
    this.limits = limits;
  }

  /**
   * Reads a text.
   *
   * @param file how diagnostics call it
   * @throws ManifestException with everything that is wrong with it
   */
  public List<Document> read(String file, String text) {
    if (text.codePointCount(0, text.length()) > limits.codePoints()) {
      throw TreeBuilder.refused(
          "too-large",
          new Origin.File(file, 1, 1),
          "more than " + limits.codePoints() + " characters in one file");
    }
    List<Diagnostic> problems = new ArrayList<>();
    List<Document> documents = new ArrayList<>();
    for (Node root : roots(file, text.startsWith("\uFEFF") ? text.substring(1) : text, problems)) {
      addDocuments(root, documents, problems);
    }
    if (!problems.isEmpty()) {
      throw new ManifestException(problems);
    }
    return List.copyOf(documents);
  }

  /**
   * Reads UTF-8.
   *
   * @throws ManifestException also when the bytes are not UTF-8
   */
  public List<Document> read(String file, byte[] utf8) {
    try {
      return read(
          file, StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8)).toString());
    } catch (CharacterCodingException e) {
      throw TreeBuilder.refused(
          "encoding", new Origin.File(file, 1, 1), "not UTF-8 (expected: a text in UTF-8)");
    }
  }

  private List<Node> roots(String file, String text, List<Diagnostic> problems) {
    boolean looksLikeJson = text.stripLeading().startsWith("{");
    if (!looksLikeJson) {
      return new YamlTrees(file, limits, problems).read(text);
    }
    try {
      return new JsonTrees(file, limits, problems).read(text);
    } catch (ManifestException notJson) {
      return yamlInBraces(file, text, problems, notJson);
    }
  }

  /** A YAML document may start with a brace too; when it is neither, JSON's error is the better. */
  private List<Node> yamlInBraces(
      String file, String text, List<Diagnostic> problems, ManifestException notJson) {
    problems.clear();
    try {
      return new YamlTrees(file, limits, problems).read(text);
    } catch (ManifestException notYaml) {
      notJson.addSuppressed(notYaml);
      throw notJson;
    }
  }

  private static void addDocuments(Node root, List<Document> documents, List<Diagnostic> problems) {
    if (!(root instanceof Node.Mapping map)) {
      problems.add(
          Diagnostic.error(
              "not-an-object",
              root.origin(),
              FieldPath.root(),
              "a " + root.type() + " (expected: a Kubernetes object)"));
      return;
    }
    Document document = new Document(map);
    if (!document.kind().equals("List") || !document.apiVersion().equals("v1")) {
      documents.add(document);
      return;
    }
    map.items("items").forEach(item -> addDocuments(item, documents, problems));
  }
}
