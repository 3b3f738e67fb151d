package heddle.mesh.emit;

import heddle.mesh.input.Pod;
import heddle.mesh.model.PodSource;
import heddle.resource.LabelSelector;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The ready pods by namespace, and, once several selectors have been asked about, by label, so that
 * a selector looks at few of them.
 */
final class PodIndex {
  private static final int FEW_QUESTIONS = 8;

  private record Label(String namespace, String key, String value) {}

  private final List<Pod> pods;
  private final Map<String, List<Pod>> byNamespace = new HashMap<>();
  private final Map<Label, List<Pod>> byLabel = new HashMap<>();
  private int questions;

  /** The pods are in the order in which they are to be found. */
  PodIndex(List<Pod> pods) {
    this.pods = pods;
  }

  /** Every pod that the group may hold, and some that it does not. */
  List<Pod> candidates(PodSource.Group group) {
    questions++;
    if (questions == 1) {
      pods.forEach(this::addByNamespace);
    } else if (questions == FEW_QUESTIONS) {
      pods.forEach(this::addByLabel);
    }
    List<Pod> fewest = byNamespace.getOrDefault(group.namespace(), List.of());
    if (questions < FEW_QUESTIONS) {
      return fewest;
    }
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

  private void addByNamespace(Pod pod) {
    byNamespace.computeIfAbsent(pod.namespace(), n -> new ArrayList<>()).add(pod);
  }

  private void addByLabel(Pod pod) {
    pod.labels()
        .forEach(
            (key, value) ->
                byLabel
                    .computeIfAbsent(
                        new Label(pod.namespace(), key, value), label -> new ArrayList<>())
                    .add(pod));
  }
}
