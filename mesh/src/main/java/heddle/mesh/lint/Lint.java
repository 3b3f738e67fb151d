package heddle.mesh.lint;

import heddle.manifest.Diagnostic;
import heddle.manifest.Document;
import heddle.manifest.FieldPath;
import heddle.manifest.ManifestException;
import heddle.manifest.ManifestReader;
import heddle.manifest.Node;
import heddle.manifest.Origin;
import heddle.mesh.CompiledMesh;
import heddle.mesh.MeshCompiler;
import heddle.mesh.input.KubernetesDocuments;
import heddle.mesh.input.KubernetesService;
import heddle.mesh.input.MeshInput;
import heddle.resource.Decoded;
import heddle.resource.Resource;
import heddle.resource.ResourceKey;
import heddle.resource.appmesh.AppMeshCodec;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Reads manifests, decodes what it has types for, and compiles it. Reports everything wrong in one
 * pass: syntax, shape, ranges, duplicates, dangling references.
 *
 * <p>A namespace that is not among the files has unknown labels; when the files hold one Mesh, its
 * resources are taken to belong to it. Stateless; safe for any thread.
 */
public final class Lint {

  private final ManifestReader reader = new ManifestReader();
  private final AppMeshCodec codec = new AppMeshCodec();
  private final MeshCompiler compiler = new MeshCompiler();

  /**
   * Judges files.
   *
   * @param files texts by the name that diagnostics show, in the order to read them
   */
  public LintReport check(Map<String, String> files) {
    List<Diagnostic> found = new ArrayList<>();
    List<Document> documents = new ArrayList<>();
    files.forEach(
        (name, text) -> {
          try {
            documents.addAll(reader.read(name, text));
          } catch (ManifestException e) {
            found.addAll(e.diagnostics());
          }
        });
    return check(documents, found, new ArrayList<>(files.keySet()));
  }

  private LintReport check(List<Document> documents, List<Diagnostic> found, List<String> order) {
    List<Resource> resources = new ArrayList<>();
    Map<String, Map<String, String>> namespaces = new LinkedHashMap<>();
    List<KubernetesService> services = new ArrayList<>();
    Set<ResourceKey> invalid = new HashSet<>();
    for (Document document : withoutDuplicates(documents, found)) {
      if (!hasShape(document, found)) {
        continue;
      }
      switch (codec.decode(document)) {
        case Decoded.Typed(Resource resource, var remarks) -> {
          resources.add(resource);
          found.addAll(remarks);
        }
        case Decoded.Invalid(Document wrong, var diagnostics) -> {
          found.addAll(diagnostics);
          invalid.add(
              new ResourceKey(
                  wrong.kind(),
                  wrong.namespace() == null ? "default" : wrong.namespace(),
                  wrong.name()));
        }
        case Decoded.Untyped(Document other) -> {
          if (KubernetesDocuments.isNamespace(other)) {
            namespaces.put(other.name(), KubernetesDocuments.labels(other));
          } else if (KubernetesDocuments.isService(other)) {
            services.add(KubernetesDocuments.service(other));
          } else {
            KnownGroups.check(other).ifPresent(found::add);
          }
        }
      }
    }
    CompiledMesh mesh = compiler.compile(new MeshInput(resources, namespaces, services, invalid));
    found.addAll(mesh.diagnostics());
    found.sort(byPlace(order));
    return new LintReport(documents, mesh, found);
  }

  private static boolean hasShape(Document document, List<Diagnostic> found) {
    int before = found.size();
    for (String field : List.of("apiVersion", "kind")) {
      String text = document.root().text(field);
      if (text == null || text.isEmpty()) {
        found.add(missing(document, FieldPath.root().field(field)));
      }
    }
    boolean named = !document.group().equals("kustomize.config.k8s.io");
    if (found.size() == before && named && document.name().isEmpty()) {
      Node.Mapping metadata = document.root().mapping("metadata");
      if (metadata == null || metadata.text("generateName") == null) {
        found.add(missing(document, document.path().fields("metadata", "name")));
      }
    }
    return found.size() == before;
  }

  private static Diagnostic missing(Document document, FieldPath path) {
    return Diagnostic.error(
        "required", document.originOf(path), path, "missing (expected: a string)");
  }

  /**
   * The same object twice: on a cluster the last would win, silently. Only the first is judged
   * further, so that one mistake is one diagnostic.
   */
  private static List<Document> withoutDuplicates(
      List<Document> documents, List<Diagnostic> found) {
    Map<String, Document> seen = new HashMap<>();
    List<Document> distinct = new ArrayList<>();
    for (Document document : documents) {
      Document first =
          document.name().isEmpty() ? null : seen.putIfAbsent(identity(document), document);
      if (first == null) {
        distinct.add(document);
      } else {
        found.add(
            Diagnostic.error(
                    "duplicate-object",
                    document.origin(),
                    document.path(),
                    "duplicate of the object at " + first.origin())
                .withHint("rename one of the two, or delete it"));
      }
    }
    return distinct;
  }

  private static String identity(Document document) {
    String namespace = document.namespace() == null ? "default" : document.namespace();
    return String.join("/", document.group(), document.kind(), namespace, document.name());
  }

  private static Comparator<Diagnostic> byPlace(List<String> order) {
    return Comparator.<Diagnostic>comparingInt(d -> file(d) == null ? -1 : order.indexOf(file(d)))
        .thenComparingInt(d -> d.origin() instanceof Origin.File file ? file.line() : 0)
        .thenComparingInt(d -> d.origin() instanceof Origin.File file ? file.column() : 0)
        .thenComparing(d -> d.path().toString());
  }

  private static String file(Diagnostic diagnostic) {
    return diagnostic.origin() instanceof Origin.File file ? file.file() : "";
  }
}
