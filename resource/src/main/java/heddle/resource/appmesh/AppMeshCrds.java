package heddle.resource.appmesh;

import heddle.resource.schema.CrdWriter;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** App Mesh's CustomResourceDefinitions: every field, range and enumeration, nothing else kept. */
public final class AppMeshCrds {

  private AppMeshCrds() {}

  /** One {@code apiextensions.k8s.io/v1} object per kind, to be applied as they are. */
  public static List<Map<String, @Nullable Object>> all() {
    CrdWriter writer = new CrdWriter();
    return Kinds.all().stream().map(writer::write).toList();
  }
}
