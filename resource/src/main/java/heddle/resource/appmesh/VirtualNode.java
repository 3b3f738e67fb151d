package heddle.resource.appmesh;

import heddle.manifest.Document;
import heddle.resource.LabelSelector;
import heddle.resource.ObjectMeta;
import heddle.resource.appmesh.Tls.ClientPolicy;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A workload: which pods it is, where it listens, what it calls.
 *
 * @param podSelector pods of its own namespace; null for none
 * @param discovery null only without listeners
 * @param backendDefaults the client policy of backends without one of their own
 */
public record VirtualNode(
    ObjectMeta meta,
    Document source,
    String awsName,
    @Nullable MeshRef meshRef,
    @Nullable LabelSelector podSelector,
    List<Listener> listeners,
    @Nullable ServiceDiscovery discovery,
    List<Backend> backends,
    List<Reference.ByName> backendGroups,
    @Nullable ClientPolicy backendDefaults,
    @Nullable AccessLog accessLog)
    implements AppMeshResource {

  public VirtualNode {
    listeners = List.copyOf(listeners);
    backends = List.copyOf(backends);
    backendGroups = List.copyOf(backendGroups);
  }

  /** A place where the workload is reached. */
  public record Listener(
      PortMapping portMapping,
      @Nullable HealthCheck healthCheck,
      @Nullable OutlierDetection outlierDetection,
      @Nullable ConnectionPool connectionPool,
      @Nullable Timeouts timeout,
      Tls.@Nullable Listener tls) {
    static Listener of(Fields fields) {
      PortMapping portMapping = fields.object("portMapping", PortMapping::of);
      return new Listener(
          portMapping,
          fields.objectOrNull("healthCheck", HealthCheck::of),
          fields.objectOrNull("outlierDetection", OutlierDetection::of),
          fields.objectOrNull("connectionPool", ConnectionPool::of),
          Timeouts.ofListener(
              Fields.ofNullable(fields.map().mapping("timeout")), portMapping.protocol()),
          fields.objectOrNull("tls", Tls.Listener::of));
    }
  }

  /**
   * A service that the workload may call.
   *
   * @param clientPolicy null for the node's default
   */
  public record Backend(Reference virtualService, @Nullable ClientPolicy clientPolicy) {
    static Backend of(Fields fields) {
      return fields.object(
          "virtualService",
          service ->
              new Backend(Reference.of(service, "virtualService"), ClientPolicy.of(service)));
    }
  }

  static VirtualNode of(ObjectMeta meta, Document source, Fields spec) {
    return new VirtualNode(
        meta,
        source,
        AwsNames.or(spec, AwsNames.underscored(meta)),
        spec.objectOrNull("meshRef", MeshRef::of),
        spec.selector("podSelector"),
        spec.objects("listeners", Listener::of),
        spec.objectOrNull("serviceDiscovery", ServiceDiscovery::of),
        spec.objects("backends", Backend::of),
        spec.objects("backendGroups", Reference::byName),
        ClientPolicy.of(Fields.ofNullable(spec.map().mapping("backendDefaults"))),
        AccessLog.of(spec));
  }

  @Override
  public String kind() {
    return "VirtualNode";
  }
}
