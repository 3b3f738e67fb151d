package heddle.cluster.openapi;

import heddle.cluster.object.ResourceType;
import heddle.cluster.type.Served;
import java.util.List;

/** What PATCH of a kind takes. */
final class Patches {

  private Patches() {}

  static String path(ResourceType type) {
    String prefix =
        type.group().isEmpty()
            ? "/api/" + type.version()
            : "/apis/" + type.group() + "/" + type.version();
    String scope = type.namespaced() ? "/namespaces/{namespace}" : "";
    return prefix + scope + "/" + type.plural() + "/{name}";
  }

  static List<String> mediaTypes(Served served) {
    return served.definition().custom()
        ? List.of(
            "application/apply-patch+yaml",
            "application/json-patch+json",
            "application/merge-patch+json")
        : List.of(
            "application/apply-patch+yaml",
            "application/json-patch+json",
            "application/merge-patch+json",
            "application/strategic-merge-patch+json");
  }

  static boolean patches(Served served) {
    return served.definition().verbs().contains("patch");
  }
}
