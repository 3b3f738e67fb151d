package heddle.resource.appmesh;

import static heddle.resource.schema.Schema.atLeast;
import static heddle.resource.schema.Schema.integer;
import static heddle.resource.schema.Schema.list;
import static heddle.resource.schema.Schema.object;
import static heddle.resource.schema.Schema.oneOf;
import static heddle.resource.schema.Schema.string;

import heddle.resource.schema.CrdWriter.Column;
import heddle.resource.schema.CrdWriter.Definition;
import heddle.resource.schema.Schema;
import heddle.resource.schema.Schema.Obj;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The kinds of {@code appmesh.k8s.aws/v1beta2}, with their whole field set. */
final class Kinds {

  static final String GROUP = "appmesh.k8s.aws";
  static final String VERSION = "v1beta2";

  private Kinds() {}

  static List<Definition> all() {
    return List.of(
        mesh(),
        virtualNode(),
        virtualService(),
        virtualRouter(),
        virtualGateway(),
        gatewayRoute(),
        backendGroup());
  }

  static Optional<Definition> of(String kind) {
    return all().stream().filter(definition -> definition.kind().equals(kind)).findFirst();
  }

  private static Definition definition(
      String kind, String plural, String arnField, Schema.Obj spec, @Nullable Obj status) {
    Column arn =
        new Column("ARN", "string", "The App Mesh ARN of this object.", ".status." + arnField);
    Column age = new Column("AGE", "date", "", ".metadata.creationTimestamp");
    return new Definition(
        GROUP,
        VERSION,
        kind,
        plural,
        !kind.equals("Mesh"),
        List.of("all"),
        status == null ? List.of(age) : List.of(arn, age),
        spec,
        false,
        status);
  }

  private static Definition mesh() {
    Schema.Obj spec =
        object()
            .may("awsName", string(), "The name in App Mesh; metadata.name when absent.")
            .may(
                "egressFilter",
                object().must("type", oneOf("ALLOW_ALL", "DROP_ALL"), ""),
                "DROP_ALL when absent.")
            .may(
                "meshOwner",
                Schema.pattern(12, 12, "^[0-9]{12}$"),
                "The account that shares the mesh.")
            .may(
                "meshServiceDiscovery",
                object().may("ipPreference", string(), "IPv4_ONLY or IPv6_ONLY."),
                "")
            .may(
                "namespaceSelector",
                CommonSchemas.labelSelector(),
                "Which namespaces belong; none when absent.");
    return definition("Mesh", "meshes", "meshARN", spec, CommonSchemas.status("meshARN"));
  }

  private static Definition virtualNode() {
    String[] protocols = {"grpc", "http", "http2", "tcp"};
    Schema.Obj timeout =
        object()
            .may("grpc", CommonSchemas.httpTimeout(), "")
            .may("http", CommonSchemas.httpTimeout(), "")
            .may("http2", CommonSchemas.httpTimeout(), "")
            .may("tcp", CommonSchemas.tcpTimeout(), "");
    Schema.Obj outlier =
        object()
            .must(
                "baseEjectionDuration", CommonSchemas.duration(), "Times how often it was ejected.")
            .must("interval", CommonSchemas.duration(), "Between two sweeps.")
            .must("maxEjectionPercent", integer(0, 100), "One host may always be ejected.")
            .must("maxServerErrors", atLeast(1), "Consecutive 5xx until ejected.");
    Schema.Obj listener =
        object()
            .may(
                "connectionPool",
                CommonSchemas.connectionPool(protocols),
                "Limits of the server's own proxy.")
            .may("healthCheck", CommonSchemas.healthCheck(protocols), "Run by every client.")
            .may("outlierDetection", outlier, "Done by every client.")
            .must("portMapping", CommonSchemas.portMapping(protocols), "")
            .may("timeout", timeout, "")
            .may("tls", CommonSchemas.listenerTls("file", "sds"), "");
    Schema.Obj backendService =
        object()
            .may("clientPolicy", CommonSchemas.clientPolicy(), "")
            .may("virtualServiceARN", string(), "")
            .may("virtualServiceRef", CommonSchemas.reference("The virtual service."), "");
    Schema.Obj backend = object().must("virtualService", backendService, "");
    Schema.Obj spec =
        object()
            .may("awsName", string(), "The name in App Mesh; name_namespace when absent.")
            .may(
                "backendDefaults",
                object().may("clientPolicy", CommonSchemas.clientPolicy(), ""),
                "")
            .may(
                "backendGroups",
                list(CommonSchemas.reference("A backend group, or * for a namespace.")),
                "")
            .may("backends", list(backend), "What the node may call.")
            .may("listeners", list(listener), "")
            .may("logging", CommonSchemas.logging(), "")
            .may("meshRef", CommonSchemas.meshRef(), "Read-only.")
            .may(
                "podSelector",
                CommonSchemas.labelSelector(),
                "Which pods of the namespace are this node; none when absent.")
            .may("serviceDiscovery", serviceDiscovery(), "");
    return definition(
        "VirtualNode",
        "virtualnodes",
        "virtualNodeARN",
        spec,
        CommonSchemas.status("virtualNodeARN"));
  }

  private static Schema.Obj serviceDiscovery() {
    Schema.Obj attribute =
        object().must("key", string(1, 255), "").must("value", string(1, 1024), "");
    Schema.Obj cloudMap =
        object()
            .may("attributes", list(attribute), "What an instance must have.")
            .must("namespaceName", string(1, 1024), "")
            .must("serviceName", string(1, 1024), "");
    Schema.Obj dns =
        object()
            .must("hostname", string(), "")
            .may("responseType", oneOf("ENDPOINTS", "LOADBALANCER"), "LOADBALANCER when absent.");
    return object().may("awsCloudMap", cloudMap, "").may("dns", dns, "");
  }

  private static Definition virtualService() {
    Schema.Obj node =
        object()
            .may("virtualNodeARN", string(), "")
            .may("virtualNodeRef", CommonSchemas.reference("The virtual node."), "");
    Schema.Obj router =
        object()
            .may("virtualRouterARN", string(), "")
            .may("virtualRouterRef", CommonSchemas.reference("The virtual router."), "");
    Schema.Obj spec =
        object()
            .may("awsName", string(), "The Host that clients use; name.namespace when absent.")
            .may("meshRef", CommonSchemas.meshRef(), "Read-only.")
            .may(
                "provider",
                object().may("virtualNode", node, "").may("virtualRouter", router, ""),
                "Who answers; nobody when absent.");
    return definition(
        "VirtualService",
        "virtualservices",
        "virtualServiceARN",
        spec,
        CommonSchemas.status("virtualServiceARN"));
  }

  private static Definition virtualRouter() {
    Schema.Obj listener =
        object().must("portMapping", CommonSchemas.portMapping("grpc", "http", "http2", "tcp"), "");
    Schema.Obj spec =
        object()
            .may("awsName", string(), "The name in App Mesh; name_namespace when absent.")
            .may("listeners", list(listener, 1, Integer.MAX_VALUE), "")
            .may("meshRef", CommonSchemas.meshRef(), "Read-only.")
            .may("routes", list(RouteSchemas.route()), "");
    return definition(
        "VirtualRouter",
        "virtualrouters",
        "virtualRouterARN",
        spec,
        CommonSchemas.status("virtualRouterARN").may("routeARNs", Schema.dictionary(string()), ""));
  }

  private static Definition virtualGateway() {
    String[] protocols = {"grpc", "http", "http2"};
    Schema.Obj listener =
        object()
            .may("connectionPool", CommonSchemas.connectionPool(protocols), "")
            .may("healthCheck", CommonSchemas.healthCheck(protocols), "")
            .must("portMapping", CommonSchemas.portMapping(protocols), "")
            .may("tls", CommonSchemas.listenerTls("acm", "file", "sds"), "");
    Schema.Obj spec =
        object()
            .may("awsName", string(), "The name in App Mesh; name_namespace when absent.")
            .may(
                "backendDefaults",
                object().may("clientPolicy", CommonSchemas.clientPolicy(), ""),
                "")
            .may(
                "gatewayRouteSelector",
                CommonSchemas.labelSelector(),
                "Which gateway routes may attach; all when absent.")
            .may("listeners", list(listener), "")
            .may("logging", CommonSchemas.logging(), "")
            .may("meshRef", CommonSchemas.meshRef(), "Read-only.")
            .may(
                "namespaceSelector",
                CommonSchemas.labelSelector(),
                "Whose gateway routes may attach; none when absent.")
            .may(
                "podSelector",
                CommonSchemas.labelSelector(),
                "Which pods are this gateway; none when absent.");
    return definition(
        "VirtualGateway",
        "virtualgateways",
        "virtualGatewayARN",
        spec,
        CommonSchemas.status("virtualGatewayARN"));
  }

  private static Definition gatewayRoute() {
    Schema.Obj gatewayRef =
        object()
            .must("name", string(), "")
            .may("namespace", string(), "")
            .must("uid", string(), "");
    Schema.Obj spec =
        object()
            .may("awsName", string(), "The name in App Mesh; name_namespace when absent.")
            .may("grpcRoute", RouteSchemas.gatewayGrpcRoute(), "")
            .may("http2Route", RouteSchemas.gatewayHttpRoute(), "")
            .may("httpRoute", RouteSchemas.gatewayHttpRoute(), "")
            .may("meshRef", CommonSchemas.meshRef(), "Read-only.")
            .may("priority", integer(0, 1000), "0 is matched first; 1000 when absent.")
            .may("virtualGatewayRef", gatewayRef, "Read-only.");
    return definition(
        "GatewayRoute",
        "gatewayroutes",
        "gatewayRouteARN",
        spec,
        CommonSchemas.status("gatewayRouteARN"));
  }

  private static Definition backendGroup() {
    Schema.Obj spec =
        object()
            .may("meshRef", CommonSchemas.meshRef(), "Read-only.")
            .may("virtualservices", list(CommonSchemas.reference("A virtual service.")), "");
    return definition("BackendGroup", "backendgroups", "", spec, null);
  }
}
