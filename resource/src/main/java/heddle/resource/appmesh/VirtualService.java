package heddle.resource.appmesh;

import heddle.manifest.Document;
import heddle.resource.ObjectMeta;
import org.jspecify.annotations.Nullable;

/**
 * A name that clients call.
 *
 * @param awsName the Host they use
 * @param provider null when nobody answers, which is legal
 */
public record VirtualService(
    ObjectMeta meta,
    Document source,
    String awsName,
    @Nullable MeshRef meshRef,
    @Nullable Provider provider)
    implements AppMeshResource {

  /** Who answers. */
  public sealed interface Provider {
    record Node(Reference node) implements Provider {}

    record Router(Reference router) implements Provider {}
  }

  static VirtualService of(ObjectMeta meta, Document source, Fields spec) {
    return new VirtualService(
        meta,
        source,
        AwsNames.or(spec, AwsNames.dotted(meta)),
        spec.objectOrNull("meshRef", MeshRef::of),
        provider(Fields.ofNullable(spec.map().mapping("provider"))));
  }

  private static @Nullable Provider provider(Fields fields) {
    Provider node =
        fields.objectOrNull(
            "virtualNode", below -> new Provider.Node(Reference.of(below, "virtualNode")));
    return node != null
        ? node
        : fields.objectOrNull(
            "virtualRouter", below -> new Provider.Router(Reference.of(below, "virtualRouter")));
  }

  @Override
  public String kind() {
    return "VirtualService";
  }
}
