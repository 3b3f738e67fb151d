package heddle.resource.appmesh;

import heddle.manifest.Diagnostic;
import heddle.manifest.Document;
import heddle.manifest.FieldPath;
import heddle.manifest.Node;
import heddle.resource.Decoded;
import heddle.resource.ObjectMeta;
import heddle.resource.schema.CrdWriter.Definition;
import heddle.resource.schema.SchemaCheck;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Turns documents of {@code appmesh.k8s.aws/v1beta2} into records, or says everything that is wrong
 * with them. Immutable; safe for any thread.
 */
public final class AppMeshCodec {

  private static final List<String> OBJECT_FIELDS =
      List.of("apiVersion", "kind", "metadata", "spec", "status");

  private final Map<String, Definition> kinds = new LinkedHashMap<>();

  public AppMeshCodec() {
    Kinds.all().forEach(kind -> kinds.put(kind.kind(), kind));
  }

  /** Decodes one document; those of other groups are {@link Decoded.Untyped}. */
  public Decoded decode(Document document) {
    if (!document.group().equals(Kinds.GROUP)) {
      return new Decoded.Untyped(document);
    }
    Definition kind = kinds.get(document.kind());
    if (kind == null || !document.apiVersion().equals(Kinds.GROUP + "/" + Kinds.VERSION)) {
      return new Decoded.Invalid(document, List.of(unknownKind(document, kind)));
    }
    List<Diagnostic> found = schemaFindings(document, kind);
    if (found.isEmpty()) {
      found = ruleFindings(document, kind);
    }
    return found.isEmpty()
        ? new Decoded.Typed(typed(document, kind, spec(document)), List.of())
        : new Decoded.Invalid(document, found);
  }

  /** What the schema says; for a kind of this group. */
  List<Diagnostic> schemaFindings(Document document) {
    Definition kind = kinds.get(document.kind());
    return kind == null ? List.of(unknownKind(document, null)) : schemaFindings(document, kind);
  }

  /** What the rules say, once the schema says nothing. */
  List<Diagnostic> ruleFindings(Document document) {
    Definition kind = kinds.get(document.kind());
    return kind == null ? List.of() : ruleFindings(document, kind);
  }

  private static List<Diagnostic> ruleFindings(Document document, Definition kind) {
    List<Diagnostic> found = new ArrayList<>();
    FieldPath path = path(document, kind).field("spec");
    AppMeshRules.check(kind.kind(), new At(spec(document), path, found::add), document);
    return found;
  }

  private static FieldPath path(Document document, Definition kind) {
    ObjectMeta meta = ObjectMeta.of(document, kind.namespaced());
    return FieldPath.of(kind.kind(), meta.namespace(), meta.name());
  }

  private static Node.Mapping spec(Document document) {
    Node.Mapping spec = document.root().mapping("spec");
    return spec == null ? new Node.Mapping(List.of(), document.origin()) : spec;
  }

  private static List<Diagnostic> schemaFindings(Document document, Definition kind) {
    List<Diagnostic> found = new ArrayList<>();
    FieldPath root = path(document, kind);
    if (document.name().isEmpty()) {
      FieldPath name = root.fields("metadata", "name");
      found.add(
          Diagnostic.error(
              "required", document.originOf(name), name, "missing (expected: a name)"));
    }
    Node spec = document.root().present("spec");
    if (spec != null) {
      new SchemaCheck(found::add).check(spec, kind.spec(), root.field("spec"));
    }
    for (Node.Entry entry : document.root().entries()) {
      if (!OBJECT_FIELDS.contains(entry.key())) {
        found.add(
            Diagnostic.error(
                "unknown-field",
                entry.origin(),
                root.field(entry.key()),
                "unknown field \"" + entry.key() + "\""));
      }
    }
    return found;
  }

  private Diagnostic unknownKind(Document document, @Nullable Definition kind) {
    String place = document.apiVersion() + " " + document.kind();
    String known = kind == null ? String.join(", ", kinds.keySet()) : Kinds.VERSION;
    return Diagnostic.error(
        "unsupported-kind",
        document.originOf(FieldPath.root().field(kind == null ? "kind" : "apiVersion")),
        document.path(),
        place + " (expected: " + known + ")");
  }

  private static AppMeshResource typed(Document document, Definition kind, Node.Mapping map) {
    ObjectMeta meta = ObjectMeta.of(document, kind.namespaced());
    Fields spec = new Fields(map);
    return switch (kind.kind()) {
      case "Mesh" -> Mesh.of(meta, document, spec);
      case "VirtualNode" -> VirtualNode.of(meta, document, spec);
      case "VirtualService" -> VirtualService.of(meta, document, spec);
      case "VirtualRouter" -> VirtualRouter.of(meta, document, spec);
      case "VirtualGateway" -> VirtualGateway.of(meta, document, spec);
      case "GatewayRoute" -> GatewayRoute.of(meta, document, spec);
      case "BackendGroup" -> BackendGroup.of(meta, document, spec);
      default -> throw new IllegalStateException("no record for the kind " + kind.kind());
    };
  }
}
