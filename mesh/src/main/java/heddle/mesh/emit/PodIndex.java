package heddle.mesh.emit;

import heddle.mesh.input.Pod;
import heddle.mesh.model.PodSource;
import heddle.resource.LabelSelector;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The ready pods by namespace and by label, so that a selector looks at few of them. */
final class PodIndex {

  private record Label(String namespace, String key, String value) {}

  private final Map<String, List<Pod>> byNamespace = new HashMap<>();
  private final Map<Label, List<Pod>> byLabel = new HashMap<>();

  PodIndex(Collection<Pod> pods) {
    List<Pod> sorted = new ArrayList<>(pods);
    sorted.sort(Comparator.comparing(Pod::namespace).thenComparing(Pod::name));
    for (Pod pod : sorted) {
      if (pod.ready()) {
        add(pod);
      }
    }
  }

  private void add(Pod pod) {
    byNamespace.computeIfAbsent(pod.namespace(), n -> new ArrayList<>()).add(pod);
    pod.labels()
        .forEach(
            (key, value) ->
                byLabel
                    .computeIfAbsent(
                        new Label(pod.namespace(), key, value), label -> new ArrayList<>())
                    .add(pod));
  }

  /** Every pod that the group may hold, and some that it does not; by name. */
  List<Pod> candidates(PodSource.Group group) {
    List<Pod> fewest = byNamespace.getOrDefault(group.namespace(), List.of());
    for (LabelSelector selector : group.selectors()) {
      for (Map.Entry<String, String> label : selector.matchLabels().entrySet()) {
        List<Pod> labelled =
            byLabel.getOrDefault(
                new Label(group.namespace(), label.getKey(), label.getValue()), List.of());
        fewest = labelled.size() < fewest.size() ? labelled : fewest;
      }
    }
    return fewest;
  }
}
