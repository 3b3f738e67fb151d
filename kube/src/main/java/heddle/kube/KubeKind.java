package heddle.kube;

/**
 * A kind as the API serves it.
 *
 * @param apiVersion {@code v1} or {@code group/version}
 * @param kind {@code Pod}
 * @param plural {@code pods}, the word in paths
 */
public record KubeKind(String apiVersion, String kind, String plural, boolean namespaced) {
  public static final KubeKind NAMESPACE = new KubeKind("v1", "Namespace", "namespaces", false);
  public static final KubeKind POD = new KubeKind("v1", "Pod", "pods", true);
  public static final KubeKind SERVICE = new KubeKind("v1", "Service", "services", true);
  public static final KubeKind EVENT = new KubeKind("v1", "Event", "events", true);
  public static final KubeKind ENDPOINT_SLICE =
      new KubeKind("discovery.k8s.io/v1", "EndpointSlice", "endpointslices", true);

  /** Empty for the core group. */
  public String group() {
    int slash = apiVersion.indexOf('/');
    return slash < 0 ? "" : apiVersion.substring(0, slash);
  }

  public String version() {
    return apiVersion.substring(apiVersion.indexOf('/') + 1);
  }

  /** The path of the collection; an empty namespace means all of them. */
  String path(String namespace) {
    String root = group().isEmpty() ? "/api/" : "/apis/";
    String within = namespaced && !namespace.isEmpty() ? "/namespaces/" + namespace : "";
    return root + apiVersion + within + "/" + plural;
  }

  /** The path of one object. */
  String path(String namespace, String name) {
    return path(namespace) + "/" + name;
  }

  /** {@code pods}, or {@code virtualnodes.appmesh.k8s.aws}, as kubectl calls it. */
  @Override
  public String toString() {
    return group().isEmpty() ? plural : plural + "." + group();
  }
}
