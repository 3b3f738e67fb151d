package heddle.resource.appmesh;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** How clients find a node's endpoints. */
public sealed interface ServiceDiscovery {

  /**
   * By DNS.
   *
   * @param allEndpoints whether every address is a host of its own ({@code ENDPOINTS})
   */
  record Dns(String hostname, boolean allEndpoints) implements ServiceDiscovery {}

  /**
   * By AWS Cloud Map.
   *
   * @param attributes what an instance must have
   */
  record CloudMap(String namespaceName, String serviceName, Map<String, String> attributes)
      implements ServiceDiscovery {
    public CloudMap {
      attributes = Collections.unmodifiableMap(new LinkedHashMap<>(attributes));
    }
  }

  static ServiceDiscovery of(Fields fields) {
    if (fields.has("dns")) {
      return fields.object(
          "dns",
          dns -> new Dns(dns.text("hostname"), "ENDPOINTS".equals(dns.textOrNull("responseType"))));
    }
    return fields.object(
        "awsCloudMap",
        map -> {
          Map<String, String> attributes = new LinkedHashMap<>();
          map.objects("attributes", a -> Map.entry(a.text("key"), a.text("value")))
              .forEach(e -> attributes.put(e.getKey(), e.getValue()));
          return new CloudMap(map.text("namespaceName"), map.text("serviceName"), attributes);
        });
  }
}
