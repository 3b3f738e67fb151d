package heddle.control.view;

import heddle.kube.KubeKind;
import java.util.List;

/** The kinds of {@code appmesh.k8s.aws/v1beta2}. */
public final class AppMeshKinds {
  public static final String GROUP = "appmesh.k8s.aws";
  public static final String API_VERSION = GROUP + "/v1beta2";
  public static final KubeKind MESH = new KubeKind(API_VERSION, "Mesh", "meshes", false);
  public static final KubeKind VIRTUAL_GATEWAY = namespaced("VirtualGateway");

  private AppMeshKinds() {}

  /** All of them, the mesh first. */
  public static List<KubeKind> all() {
    return List.of(
        MESH,
        namespaced("VirtualNode"),
        namespaced("VirtualService"),
        namespaced("VirtualRouter"),
        VIRTUAL_GATEWAY,
        namespaced("GatewayRoute"),
        namespaced("BackendGroup"));
  }

  private static KubeKind namespaced(String kind) {
    return new KubeKind(API_VERSION, kind, kind.toLowerCase(java.util.Locale.ROOT) + "s", true);
  }
}
