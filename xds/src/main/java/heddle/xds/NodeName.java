package heddle.xds;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Who a data plane says it is: its {@code node.id}, understood.
 *
 * <p>Istio's form ({@code sidecar~10.244.0.7~front-1.shop~shop.svc.cluster.local}) names one pod;
 * App Mesh's ({@code mesh/shop/virtualNode/front_shop}, also as an ARN and with {@code @ACCOUNT})
 * names the resource only, as stock Envoy images do.
 */
public sealed interface NodeName {

  /** The id as it came. */
  String id();

  /** Understands a {@code node.id}; never fails. */
  static NodeName parse(String id) {
    Matcher pod = Patterns.POD.matcher(id);
    if (pod.matches()) {
      return new OfPod(id, pod.group(1).equals("router"), pod.group(2), pod.group(4), pod.group(3));
    }
    Matcher appMesh = Patterns.APP_MESH.matcher(id);
    if (appMesh.matches()) {
      return new OfAppMesh(id, appMesh.group(1), appMesh.group(2), appMesh.group(3));
    }
    return new Other(id);
  }

  /** The id that a pod's data plane has. */
  static OfPod ofPod(boolean gateway, String ip, String namespace, String pod) {
    String id =
        String.join(
            "~",
            List.of(
                gateway ? "router" : "sidecar",
                ip,
                pod + "." + namespace,
                namespace + ".svc.cluster.local"));
    return new OfPod(id, gateway, ip, namespace, pod);
  }

  /**
   * The data plane of one pod.
   *
   * @param gateway {@code router~…}, else {@code sidecar~…}
   */
  record OfPod(String id, boolean gateway, String ip, String namespace, String pod)
      implements NodeName {}

  /**
   * Some data plane of an App Mesh resource.
   *
   * @param mesh without the owner's account
   * @param type {@code virtualNode} or {@code virtualGateway}
   * @param name the resource's App Mesh name, for example {@code front_shop}
   */
  record OfAppMesh(String id, String mesh, String type, String name) implements NodeName {}

  /** Any other id: a gRPC client of its own, for example. */
  record Other(String id) implements NodeName {}

  /** The grammar. */
  final class Patterns {
    private static final Pattern POD =
        Pattern.compile("(sidecar|router)~([^~]*)~([^~.]+(?:\\.[^~.]+)*)\\.([^~.]+)~.*");
    private static final Pattern APP_MESH =
        Pattern.compile(
            "(?:arn:[^/]*:)?mesh/([^/@]+)(?:@[^/]*)?/(virtualNode|virtualGateway)/([^/]+)");

    private Patterns() {}
  }
}
