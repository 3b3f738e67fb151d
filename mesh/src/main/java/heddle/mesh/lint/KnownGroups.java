package heddle.mesh.lint;

import heddle.manifest.Diagnostic;
import heddle.manifest.Document;
import heddle.manifest.FieldPath;
import java.util.Optional;
import java.util.Set;

/**
 * Tells objects that are nobody's business here from those of a kind that Heddle has no types for.
 */
final class KnownGroups {

  private static final Set<String> CORE =
      Set.of(
          "",
          "apps",
          "batch",
          "autoscaling",
          "policy",
          "rbac.authorization.k8s.io",
          "networking.k8s.io",
          "apiextensions.k8s.io",
          "admissionregistration.k8s.io",
          "apiregistration.k8s.io",
          "coordination.k8s.io",
          "discovery.k8s.io",
          "events.k8s.io",
          "node.k8s.io",
          "scheduling.k8s.io",
          "storage.k8s.io",
          "certificates.k8s.io",
          "kustomize.config.k8s.io");

  private KnownGroups() {}

  static Optional<Diagnostic> check(Document document) {
    if (CORE.contains(document.group())) {
      return Optional.empty();
    }
    return Optional.of(
        Diagnostic.note(
            "unknown-kind",
            document.originOf(FieldPath.root().field("kind")),
            document.path(),
            document.apiVersion() + " " + document.kind() + " is not checked"));
  }
}
