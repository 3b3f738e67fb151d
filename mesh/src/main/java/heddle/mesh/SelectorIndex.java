package heddle.mesh;

import heddle.mesh.model.NodeSelector;
import heddle.resource.LabelSelector;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The selectors of nodes by one of the labels that they ask for, so that a pod looks at few. */
final class SelectorIndex {

  private final Map<Label, List<Numbered>> byLabel = new HashMap<>();
  private final Map<String, List<Numbered>> withoutLabels = new HashMap<>();

  private record Label(String namespace, String key, String value) {}

  /** A selector and its place in the order of all. */
  private record Numbered(int number, NodeSelector selector) {}

  SelectorIndex(List<NodeSelector> selectors) {
    for (int i = 0; i < selectors.size(); i++) {
      NodeSelector selector = selectors.get(i);
      if (selector.pods() != null) {
        place(selector.namespace(), selector.pods()).add(new Numbered(i, selector));
      }
    }
  }

  private List<Numbered> place(String namespace, LabelSelector pods) {
    return pods.matchLabels().entrySet().stream()
        .findFirst()
        .map(label -> new Label(namespace, label.getKey(), label.getValue()))
        .map(label -> byLabel.computeIfAbsent(label, key -> new ArrayList<>()))
        .orElseGet(() -> withoutLabels.computeIfAbsent(namespace, key -> new ArrayList<>()));
  }

  /** Those that find a pod, in their order. */
  List<NodeSelector> finding(String namespace, Map<String, String> podLabels) {
    List<Numbered> found = new ArrayList<>();
    podLabels.forEach(
        (key, value) ->
            byLabel.getOrDefault(new Label(namespace, key, value), List.of()).stream()
                .filter(each -> matches(each, podLabels))
                .forEach(found::add));
    withoutLabels.getOrDefault(namespace, List.of()).stream()
        .filter(each -> matches(each, podLabels))
        .forEach(found::add);
    return found.stream()
        .sorted(Comparator.comparingInt(Numbered::number))
        .map(Numbered::selector)
        .toList();
  }

  private static boolean matches(Numbered each, Map<String, String> podLabels) {
    LabelSelector pods = each.selector().pods();
    return pods != null && pods.matches(podLabels);
  }
}
