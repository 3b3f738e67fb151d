package heddle.kube.apply;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import heddle.kube.KubeObject;
import heddle.manifest.Document;
import heddle.manifest.FieldPath;
import heddle.manifest.Node;
import heddle.manifest.Origin;
import java.util.Optional;

/**
 * Where an object stood in its file when it was applied, as an annotation: what the cluster later
 * has to say of a field can then name the line. Who applies it by other means removes that, as
 * {@code kubectl apply} removes whatever is no longer in the manifest.
 *
 * <pre>heddle.dev/source: {"file":"mesh.yaml","lines":{"":12,"spec":15,"spec.routes[0]":17}}</pre>
 */
public final class SourceLines {
  /** The annotation. */
  public static final String ANNOTATION = "heddle.dev/source";

  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final int MAX_LINES = 200;

  private SourceLines() {}

  /** Writes the annotation; does nothing for a document that came from no file. */
  public static void note(KubeObject object, Document document) {
    if (document.origin() instanceof Origin.File start) {
      ObjectNode note = MAPPER.createObjectNode().put("file", start.file());
      ObjectNode lines = note.putObject("lines").put("", start.line());
      Node.Mapping spec = document.root().mapping("spec");
      if (spec != null) {
        collect(spec, FieldPath.root().field("spec"), lines);
      }
      object.metadata().withObjectProperty("annotations").put(ANNOTATION, note.toString());
    }
  }

  /** Lines of objects and lists only: those of plain values are never far. */
  private static void collect(Node node, FieldPath path, ObjectNode lines) {
    if (lines.size() >= MAX_LINES) {
      return;
    }
    switch (node) {
      case Node.Mapping map -> {
        for (Node.Entry entry : map.entries()) {
          FieldPath below = path.field(entry.key());
          if (entry.value() instanceof Node.Mapping || entry.value() instanceof Node.Sequence) {
            line(entry.origin(), below, lines);
            collect(entry.value(), below, lines);
          }
        }
      }
      case Node.Sequence list -> {
        for (int i = 0; i < list.items().size(); i++) {
          line(list.items().get(i).origin(), path.index(i), lines);
          collect(list.items().get(i), path.index(i), lines);
        }
      }
      default -> {
        // A plain value.
      }
    }
  }

  private static void line(Origin origin, FieldPath path, ObjectNode lines) {
    if (origin instanceof Origin.File place) {
      lines.put(path.toString(), place.line());
    }
  }

  /**
   * The place of a field, as {@code FILE:LINE}, or of the nearest one around it.
   *
   * @param field such as {@code spec.routes[0].httpRoute}; empty for the object itself
   * @return empty where the object does not say
   */
  public static Optional<String> place(KubeObject object, String field) {
    JsonNode note = read(object.annotations().getOrDefault(ANNOTATION, "{}"));
    JsonNode lines = note.path("lines");
    String at = field;
    while (!at.isEmpty() && !lines.has(at)) {
      at = at.substring(0, Math.max(0, Math.max(at.lastIndexOf('.'), at.lastIndexOf('['))));
    }
    return lines.path(at).isInt()
        ? Optional.of(note.path("file").asText() + ":" + lines.path(at).asInt())
        : Optional.empty();
  }

  /** Anybody may have written it: what cannot be read says nothing. */
  private static JsonNode read(String annotation) {
    try {
      return MAPPER.readTree(annotation);
    } catch (JsonProcessingException e) {
      return MAPPER.createObjectNode();
    }
  }
}
