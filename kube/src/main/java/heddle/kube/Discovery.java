package heddle.kube;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Learns from the server how kinds are called in paths; asks again for what it does not know. */
final class Discovery {
  private final KubeApi api;
  private final Map<String, List<KubeKind>> byVersion = new ConcurrentHashMap<>();

  Discovery(KubeApi api) {
    this.api = api;
  }

  Optional<KubeKind> find(String apiVersion, String kind) {
    Optional<KubeKind> known = search(byVersion.getOrDefault(apiVersion, List.of()), kind);
    if (known.isPresent()) {
      return known;
    }
    List<KubeKind> served = ask(apiVersion);
    byVersion.put(apiVersion, served);
    return search(served, kind);
  }

  private static Optional<KubeKind> search(List<KubeKind> kinds, String kind) {
    return kinds.stream().filter(each -> each.kind().equals(kind)).findFirst();
  }

  private List<KubeKind> ask(String apiVersion) {
    String root = apiVersion.contains("/") ? "/apis/" : "/api/";
    JsonNode list;
    try {
      list = api.send("GET", root + apiVersion, "", null, "discover " + apiVersion);
    } catch (KubeException e) {
      if (e.notFound()) {
        return List.of();
      }
      throw e;
    }
    List<KubeKind> kinds = new ArrayList<>();
    for (JsonNode resource : list.path("resources")) {
      String plural = resource.path("name").asText();
      if (!plural.contains("/")) {
        kinds.add(
            new KubeKind(
                apiVersion,
                resource.path("kind").asText(),
                plural,
                resource.path("namespaced").asBoolean()));
      }
    }
    return List.copyOf(kinds);
  }
}
