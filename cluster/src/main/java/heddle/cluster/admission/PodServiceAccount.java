package heddle.cluster.admission;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import heddle.cluster.informer.Kinds;
import heddle.cluster.object.ApiException;
import heddle.cluster.object.Metadata;
import heddle.cluster.object.Objects;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Gives each new pod its service account: the name, the pull secrets, and the volume with token,
 * root certificate and namespace in every container that has none (Kubernetes' ServiceAccount
 * admission plug-in).
 */
final class PodServiceAccount {
  static final String MOUNT = "/var/run/secrets/kubernetes.io/serviceaccount";
  private static final String VOLUME = "kube-api-access-";
  private static final String LETTERS = "bcdfghjklmnpqrstvwxz2456789";
  private static final long TOKEN_SECONDS = 3607;

  private final Objects objects;
  private final RandomGenerator random;

  PodServiceAccount(Objects objects, RandomGenerator random) {
    this.objects = objects;
    this.random = random;
  }

  /** Completes a pod in place. Doing it again adds what containers that came since are missing. */
  void complete(String namespace, ObjectNode pod) {
    ObjectNode spec =
        pod.get("spec") instanceof ObjectNode present ? present : pod.putObject("spec");
    String name = spec.path("serviceAccountName").asText("");
    if (name.isEmpty()) {
      name = spec.path("serviceAccount").asText("");
    }
    if (name.isEmpty()) {
      name = "default";
    }
    spec.put("serviceAccountName", name);
    spec.put("serviceAccount", name);
    ObjectNode account = account(namespace, name, pod);
    if (spec.path("imagePullSecrets").isEmpty() && !account.path("imagePullSecrets").isEmpty()) {
      spec.set("imagePullSecrets", account.path("imagePullSecrets"));
    }
    if (mounts(spec, account)) {
      mount(spec);
    }
  }

  private ObjectNode account(String namespace, String name, ObjectNode pod) {
    return objects
        .get(Kinds.SERVICE_ACCOUNTS, namespace, name)
        .orElseThrow(
            () ->
                new ApiException(
                    403,
                    "Forbidden",
                    "pods \"%s\" is forbidden: error looking up service account %s/%s: serviceaccount \"%s\" not found"
                        .formatted(podName(pod), namespace, name, name)));
  }

  private static String podName(ObjectNode pod) {
    String name = Metadata.name(pod);
    return name.isEmpty() ? pod.at("/metadata/generateName").asText("") : name;
  }

  private static boolean mounts(ObjectNode spec, ObjectNode account) {
    JsonNode own = spec.path("automountServiceAccountToken");
    return own.isBoolean()
        ? own.asBoolean()
        : account.path("automountServiceAccountToken").asBoolean(true);
  }

  private void mount(ObjectNode spec) {
    String volume = existing(spec);
    boolean known = !volume.isEmpty();
    if (!known) {
      volume = VOLUME + suffix();
    }
    boolean used = false;
    for (String list : List.of("initContainers", "containers")) {
      for (JsonNode container : spec.path(list)) {
        used |= mount((ObjectNode) container, volume);
      }
    }
    if (used && !known) {
      project(spec.withArray("volumes").addObject().put("name", volume));
    }
  }

  private static boolean mount(ObjectNode container, String volume) {
    for (JsonNode mount : container.path("volumeMounts")) {
      if (mount.path("mountPath").asText().equals(MOUNT)) {
        return false;
      }
    }
    container
        .withArray("volumeMounts")
        .addObject()
        .put("name", volume)
        .put("readOnly", true)
        .put("mountPath", MOUNT);
    return true;
  }

  private static String existing(ObjectNode spec) {
    for (JsonNode volume : spec.path("volumes")) {
      if (volume.path("name").asText().startsWith(VOLUME)) {
        return volume.path("name").asText();
      }
    }
    return "";
  }

  private static void project(ObjectNode volume) {
    ObjectNode projected = volume.putObject("projected").put("defaultMode", 420);
    ArrayNode sources = projected.putArray("sources");
    sources
        .addObject()
        .putObject("serviceAccountToken")
        .put("expirationSeconds", (int) TOKEN_SECONDS)
        .put("path", "token");
    ObjectNode root = sources.addObject().putObject("configMap").put("name", "kube-root-ca.crt");
    root.putArray("items").addObject().put("key", "ca.crt").put("path", "ca.crt");
    ObjectNode downward = sources.addObject().putObject("downwardAPI");
    downward
        .putArray("items")
        .addObject()
        .put("path", "namespace")
        .putObject("fieldRef")
        .put("apiVersion", "v1")
        .put("fieldPath", "metadata.namespace");
  }

  private String suffix() {
    var suffix = new StringBuilder();
    for (int i = 0; i < 5; i++) {
      suffix.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
    }
    return suffix.toString();
  }
}
