package heddle.resource.appmesh;

import heddle.manifest.Document;
import heddle.resource.ObjectMeta;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Services that nodes may list as backends together. */
public record BackendGroup(
    ObjectMeta meta,
    Document source,
    @Nullable MeshRef meshRef,
    List<Reference.ByName> virtualServices)
    implements AppMeshResource {

  public BackendGroup {
    virtualServices = List.copyOf(virtualServices);
  }

  static BackendGroup of(ObjectMeta meta, Document source, Fields spec) {
    return new BackendGroup(
        meta,
        source,
        spec.objectOrNull("meshRef", MeshRef::of),
        spec.objects("virtualservices", Reference::byName));
  }

  @Override
  public String awsName() {
    return AwsNames.underscored(meta);
  }

  @Override
  public String kind() {
    return "BackendGroup";
  }
}
