package heddle.mesh.model;

import heddle.resource.LabelSelector;
import java.util.List;

/**
 * Which pods are the hosts of an upstream, and on which port. Kept apart from the pods themselves,
 * so that pods come and go without a compilation.
 */
public record PodSource(List<Group> groups, Port port) {

  public PodSource {
    groups = List.copyOf(groups);
  }

  /** Ready pods of one namespace that every selector finds. */
  public record Group(String namespace, List<LabelSelector> selectors) {
    public Group {
      selectors = List.copyOf(selectors);
    }
  }

  /** A port of a pod. */
  public sealed interface Port {
    record Fixed(int port) implements Port {}

    /** A container port's name; pods without it are no hosts. */
    record Named(String name) implements Port {}
  }
}
