package heddle.resource.appmesh;

import heddle.manifest.Document;
import heddle.resource.LabelSelector;
import heddle.resource.ObjectMeta;
import heddle.resource.appmesh.Tls.ClientPolicy;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A way into the mesh.
 *
 * @param namespaceSelector whose gateway routes may attach; null for none
 * @param gatewayRouteSelector which of them; null for all
 * @param podSelector pods of its own namespace; null for none
 */
public record VirtualGateway(
    ObjectMeta meta,
    Document source,
    String awsName,
    @Nullable MeshRef meshRef,
    @Nullable LabelSelector namespaceSelector,
    @Nullable LabelSelector gatewayRouteSelector,
    @Nullable LabelSelector podSelector,
    List<Listener> listeners,
    @Nullable ClientPolicy backendDefaults,
    @Nullable AccessLog accessLog)
    implements AppMeshResource {

  public VirtualGateway {
    listeners = List.copyOf(listeners);
  }

  /** Where it listens. */
  public record Listener(
      PortMapping portMapping,
      @Nullable HealthCheck healthCheck,
      @Nullable ConnectionPool connectionPool,
      Tls.@Nullable Listener tls) {
    static Listener of(Fields fields) {
      return new Listener(
          fields.object("portMapping", PortMapping::of),
          fields.objectOrNull("healthCheck", HealthCheck::of),
          fields.objectOrNull("connectionPool", ConnectionPool::of),
          fields.objectOrNull("tls", Tls.Listener::of));
    }
  }

  static VirtualGateway of(ObjectMeta meta, Document source, Fields spec) {
    return new VirtualGateway(
        meta,
        source,
        AwsNames.or(spec, AwsNames.underscored(meta)),
        spec.objectOrNull("meshRef", MeshRef::of),
        spec.selector("namespaceSelector"),
        spec.selector("gatewayRouteSelector"),
        spec.selector("podSelector"),
        spec.objects("listeners", Listener::of),
        ClientPolicy.of(Fields.ofNullable(spec.map().mapping("backendDefaults"))),
        AccessLog.of(spec));
  }

  @Override
  public String kind() {
    return "VirtualGateway";
  }
}
