package heddle.resource.appmesh;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the webhook wrote into a Mesh: its IP preference follows the cluster. */
final class MeshDefaults {

  private MeshDefaults() {}

  static void ipPreference(PlainObject mesh, boolean ipv6) {
    Object discovery = mesh.spec().get("meshServiceDiscovery");
    if (discovery == null && !ipv6) {
      return;
    }
    Map<String, @Nullable Object> written = new LinkedHashMap<>();
    written.put("ipPreference", ipv6 ? "IPv6_ONLY" : "IPv4_ONLY");
    mesh.spec().put("meshServiceDiscovery", written);
  }
}
