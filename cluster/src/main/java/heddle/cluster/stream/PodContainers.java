package heddle.cluster.stream;

import com.fasterxml.jackson.databind.node.ObjectNode;
import heddle.cluster.informer.Kinds;
import heddle.cluster.object.ApiException;
import heddle.cluster.object.Objects;
import java.util.ArrayList;
import java.util.List;

/** Finds the pod and the container that a request means, or says in Kubernetes' words why not. */
final class PodContainers {
  private final Objects objects;

  PodContainers(Objects objects) {
    this.objects = objects;
  }

  ObjectNode pod(String namespace, String name) {
    return objects
        .get(Kinds.PODS, namespace, name)
        .orElseThrow(() -> ApiException.notFound(Kinds.PODS, name));
  }

  /**
   * @param asked empty for the only one
   */
  String container(String namespace, String podName, String asked) {
    ObjectNode pod = pod(namespace, podName);
    List<String> main = names(pod, "containers");
    var all = new ArrayList<>(main);
    all.addAll(names(pod, "initContainers"));
    all.addAll(names(pod, "ephemeralContainers"));
    if (asked.isEmpty()) {
      if (main.size() == 1) {
        return main.getFirst();
      }
      throw ApiException.badRequest(
          "a container name must be specified for pod %s, choose one of: [%s]"
              .formatted(podName, String.join(" ", main)));
    }
    if (!all.contains(asked)) {
      throw ApiException.badRequest(
          "container %s is not valid for pod %s".formatted(asked, podName));
    }
    return asked;
  }

  private static List<String> names(ObjectNode pod, String list) {
    var names = new ArrayList<String>();
    pod.path("spec").path(list).forEach(container -> names.add(container.path("name").asText()));
    return names;
  }
}
