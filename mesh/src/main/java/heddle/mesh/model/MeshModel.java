package heddle.mesh.model;

import java.util.List;

/** Everything that the proxies of all meshes do. */
public record MeshModel(List<ProxyNode> nodes) {
  public MeshModel {
    nodes = List.copyOf(nodes);
  }
}
