package heddle.cli;

import heddle.cli.ManifestSources.Source;
import heddle.kube.KubeApi;
import heddle.kube.KubeException;
import heddle.kube.KubeObject;
import heddle.kube.apply.Applied;
import heddle.kube.apply.Applier;
import heddle.kube.apply.SourceLines;
import heddle.manifest.Document;
import heddle.manifest.ManifestException;
import heddle.manifest.ManifestReader;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** The manifests of {@code up -f}: read before anything is started, applied once the API serves. */
final class Manifests {

  private static final String MESH = "appmesh.k8s.aws";

  private final List<Document> documents;

  private Manifests(List<Document> documents) {
    this.documents = documents;
  }

  /** Reads all; what is wrong with any of them is reported together. */
  static Manifests read(List<String> names) {
    ManifestReader reader = new ManifestReader();
    List<Document> documents = new ArrayList<>();
    List<String> problems = new ArrayList<>();
    for (Source source : ManifestSources.read(names)) {
      try {
        documents.addAll(reader.read(source.name(), source.text()));
      } catch (ManifestException e) {
        e.diagnostics().forEach(diagnostic -> problems.add(diagnostic.toString()));
      }
    }
    if (!problems.isEmpty()) {
      throw CommandFailure.usage(String.join("\n", problems));
    }
    return new Manifests(documents);
  }

  boolean isEmpty() {
    return documents.isEmpty();
  }

  /** Applies them and prints a line for each, as kubectl does. */
  List<KubeObject> apply(KubeApi api, PrintWriter out) throws InterruptedException {
    List<KubeObject> objects = documents.stream().map(Manifests::object).toList();
    try {
      List<Applied> applied = new Applier(api, System::nanoTime).apply(objects, "default");
      applied.forEach(one -> out.println(one.object() + " " + one.change().word()));
      out.flush();
      return applied.stream().map(Applied::object).collect(Collectors.toList());
    } catch (KubeException e) {
      throw CommandFailure.no("not applied: " + e.getMessage());
    }
  }

  /** What the mesh has to say of its objects can then name the line. */
  private static KubeObject object(Document document) {
    KubeObject object = KubeObject.of(document);
    if (document.group().equals(MESH)) {
      SourceLines.note(object, document);
    }
    return object;
  }
}
