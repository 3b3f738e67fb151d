package heddle.resource.appmesh;

import heddle.manifest.Document;
import heddle.resource.LabelSelector;
import heddle.resource.ObjectMeta;
import org.jspecify.annotations.Nullable;

/**
 * A mesh.
 *
 * @param namespaceSelector which namespaces belong; null for none
 * @param allowAllEgress whether what matches nothing passes through; false is {@code DROP_ALL}
 * @param meshOwner the account that shares it; null for one's own
 * @param ipPreference {@code IPv4_ONLY} or {@code IPv6_ONLY}; null when unset
 */
public record Mesh(
    ObjectMeta meta,
    Document source,
    String awsName,
    @Nullable LabelSelector namespaceSelector,
    boolean allowAllEgress,
    @Nullable String meshOwner,
    @Nullable String ipPreference)
    implements AppMeshResource {

  static Mesh of(ObjectMeta meta, Document source, Fields spec) {
    Fields egress = Fields.ofNullable(spec.map().mapping("egressFilter"));
    Fields discovery = Fields.ofNullable(spec.map().mapping("meshServiceDiscovery"));
    return new Mesh(
        meta,
        source,
        AwsNames.or(spec, meta.name()),
        spec.selector("namespaceSelector"),
        "ALLOW_ALL".equals(egress.textOrNull("type")),
        spec.nonEmpty("meshOwner"),
        discovery.nonEmpty("ipPreference"));
  }

  @Override
  public String kind() {
    return "Mesh";
  }

  @Override
  public @Nullable MeshRef meshRef() {
    return null;
  }
}
