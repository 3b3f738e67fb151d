package heddle.resource.appmesh;

import heddle.manifest.Document;
import heddle.resource.ObjectMeta;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Shares a service's requests among nodes. Its listeners' ports are the callers'. */
public record VirtualRouter(
    ObjectMeta meta,
    Document source,
    String awsName,
    @Nullable MeshRef meshRef,
    List<PortMapping> listeners,
    List<Route> routes)
    implements AppMeshResource {

  public VirtualRouter {
    listeners = List.copyOf(listeners);
    routes = List.copyOf(routes);
  }

  static VirtualRouter of(ObjectMeta meta, Document source, Fields spec) {
    return new VirtualRouter(
        meta,
        source,
        AwsNames.or(spec, AwsNames.underscored(meta)),
        spec.objectOrNull("meshRef", MeshRef::of),
        spec.objects("listeners", listener -> listener.object("portMapping", PortMapping::of)),
        spec.objects("routes", Route::of));
  }

  @Override
  public String kind() {
    return "VirtualRouter";
  }
}
