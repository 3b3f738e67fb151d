package heddle.kube;

import java.util.List;

/**
 * What a list returned.
 *
 * @param resourceVersion where a watch goes on
 */
public record KubeList(List<KubeObject> items, String resourceVersion) {
  public KubeList {
    items = List.copyOf(items);
  }
}
