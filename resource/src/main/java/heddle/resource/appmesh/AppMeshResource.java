package heddle.resource.appmesh;

import heddle.resource.Resource;
import org.jspecify.annotations.Nullable;

/** An object of {@code appmesh.k8s.aws/v1beta2}. */
public sealed interface AppMeshResource extends Resource
    permits Mesh,
        VirtualNode,
        VirtualService,
        VirtualRouter,
        VirtualGateway,
        GatewayRoute,
        BackendGroup {

  /** The name in App Mesh: {@code spec.awsName}, or the kind's default. */
  String awsName();

  /** The mesh it was found to belong to at creation; null on files, and for a Mesh. */
  @Nullable MeshRef meshRef();
}
