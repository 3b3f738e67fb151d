package heddle.resource.appmesh;

import static heddle.resource.schema.Schema.atLeast;
import static heddle.resource.schema.Schema.integer;
import static heddle.resource.schema.Schema.list;
import static heddle.resource.schema.Schema.object;
import static heddle.resource.schema.Schema.oneOf;
import static heddle.resource.schema.Schema.string;

import heddle.resource.schema.Schema;

/** The shapes of routes, of virtual routers and of gateways. */
final class RouteSchemas {

  private RouteSchemas() {}

  static Schema.Obj route() {
    return object()
        .may("grpcRoute", grpcRoute(), "")
        .may("http2Route", httpRoute(), "")
        .may("httpRoute", httpRoute(), "")
        .must("name", string(1, 255), "")
        .may("priority", integer(0, 1000), "0 is matched first.")
        .may("tcpRoute", tcpRoute(), "");
  }

  private static Schema.Obj action() {
    Schema.Obj target =
        object()
            .may("port", CommonSchemas.port(), "The listener of the node.")
            .may("virtualNodeARN", string(), "")
            .may("virtualNodeRef", CommonSchemas.reference("The virtual node."), "")
            .must("weight", integer(0, 100), "Relative to the other targets of the route.");
    return object().must("weightedTargets", list(target, 1, 10), "");
  }

  private static Schema.Obj httpRoute() {
    Schema.Obj match =
        object()
            .may("headers", CommonSchemas.headers(), "All must match.")
            .may("method", CommonSchemas.httpMethod(), "")
            .may("path", CommonSchemas.httpPath(), "")
            .may("port", CommonSchemas.port(), "The router's listener.")
            .may("prefix", string(), "A plain string prefix of the path.")
            .may("queryParameters", CommonSchemas.queryParameters(), "All must match.")
            .may("scheme", oneOf("http", "https"), "");
    return object()
        .must("action", action(), "")
        .must("match", match, "")
        .may("retryPolicy", retryPolicy(), "Replaces the default policy entirely.")
        .may("timeout", CommonSchemas.httpTimeout(), "");
  }

  private static Schema.Obj retryPolicy() {
    Schema.Str httpEvent = oneOf("server-error", "gateway-error", "client-error", "stream-error");
    return object()
        .may("httpRetryEvents", list(httpEvent, 1, 25), "")
        .must("maxRetries", atLeast(0), "Attempts after the first.")
        .must("perRetryTimeout", CommonSchemas.duration(), "Bounds every attempt, the first too.")
        .may("tcpRetryEvents", list(oneOf("connection-error"), 1, 1), "");
  }

  private static Schema.Obj grpcRoute() {
    Schema.Obj match =
        object()
            .may("metadata", CommonSchemas.headers(), "All must match.")
            .may("methodName", string(1, 50), "Needs serviceName.")
            .may("port", CommonSchemas.port(), "")
            .may("serviceName", string(), "Fully qualified.");
    Schema.Str event =
        oneOf("cancelled", "deadline-exceeded", "internal", "resource-exhausted", "unavailable");
    return object()
        .must("action", action(), "")
        .must("match", match, "")
        .may("retryPolicy", retryPolicy().may("grpcRetryEvents", list(event, 1, 5), ""), "")
        .may("timeout", CommonSchemas.httpTimeout(), "");
  }

  private static Schema.Obj tcpRoute() {
    return object()
        .must("action", action(), "")
        .may("match", object().may("port", CommonSchemas.port(), ""), "")
        .may("timeout", CommonSchemas.tcpTimeout(), "");
  }

  static Schema.Obj gatewayHttpRoute() {
    Schema.Str onOff = oneOf("ENABLED", "DISABLED");
    Schema.Obj match =
        object()
            .may("headers", CommonSchemas.headers(), "All must match.")
            .may("hostname", hostname(), "")
            .may("method", CommonSchemas.httpMethod(), "")
            .may("path", CommonSchemas.httpPath(), "")
            .may("port", CommonSchemas.port(), "")
            .may("prefix", string(), "A plain string prefix of the path.")
            .may("queryParameters", CommonSchemas.queryParameters(), "All must match.");
    Schema.Obj rewrite =
        object()
            .may("hostname", object().may("defaultTargetHostname", onOff, ""), "")
            .may("path", object().may("exact", string(1, 255), ""), "")
            .may(
                "prefix",
                object().may("defaultPrefix", onOff, "").may("value", string(1, 255), ""),
                "");
    return object()
        .must("action", gatewayAction().may("rewrite", rewrite, ""), "")
        .must("match", match, "");
  }

  static Schema.Obj gatewayGrpcRoute() {
    Schema.Str onOff = oneOf("ENABLED", "DISABLED");
    Schema.Obj match =
        object()
            .may("hostname", hostname(), "")
            .may("metadata", CommonSchemas.headers(), "")
            .may("port", CommonSchemas.port(), "")
            .may("serviceName", string(), "");
    Schema.Obj rewrite =
        object().may("hostname", object().may("defaultTargetHostname", onOff, ""), "");
    return object()
        .must("action", gatewayAction().may("rewrite", rewrite, ""), "")
        .must("match", match, "");
  }

  private static Schema.Obj hostname() {
    return object()
        .may("exact", string(1, 253), "The whole host.")
        .may("suffix", string(1, 253), "How the host ends.");
  }

  private static Schema.Obj gatewayAction() {
    Schema.Obj service =
        object()
            .may("virtualServiceARN", string(), "")
            .may("virtualServiceRef", CommonSchemas.reference("The virtual service."), "");
    Schema.Obj target =
        object().may("port", CommonSchemas.port(), "").must("virtualService", service, "");
    return object().must("target", target, "");
  }
}
