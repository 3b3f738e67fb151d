package heddle.resource.appmesh;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The rules of gateway routes. */
final class GatewayRouteRules {

  private GatewayRouteRules() {}

  static void gatewayRoute(At spec) {
    List<String> types = spec.present("grpcRoute", "httpRoute", "http2Route");
    if (types.isEmpty()) {
      spec.error("exactly-one", "Missing GatewayRoute Type in GatewayRoute Spec");
    } else if (types.size() > 1) {
      spec.errorAt(
          types.get(1),
          "exactly-one",
          "Found multiple types in GatewayRoute Spec. Only 1 (GRPC/HTTP/HTTP2) allowed");
    }
    for (String type : types) {
      At route = spec.child(type);
      if (route != null) {
        route(route, type.equals("grpcRoute"));
      }
    }
  }

  private static void route(At route, boolean grpc) {
    At match = route.child("match");
    if (match != null && grpc) {
      grpcMatch(match);
    } else if (match != null) {
      httpMatch(match);
    }
    At action = route.child("action");
    At target = action == null ? null : action.child("target");
    if (target != null) {
      AppMeshRules.reference(target.child("virtualService"), "virtualService");
    }
    At rewrite = action == null ? null : action.child("rewrite");
    if (rewrite != null && match != null && !grpc) {
      rewrite(rewrite, match);
    }
  }

  private static void httpMatch(At match) {
    boolean prefix = match.has("prefix");
    boolean path = match.has("path");
    if (!prefix && !path && !match.has("hostname")) {
      match.error("exactly-one", "Either prefix or path or hostname must be specified");
    } else if (prefix && path) {
      match.error("exactly-one", "Both prefix and path cannot be specified. Only 1 allowed");
    } else if (prefix) {
      prefix(match);
    }
    hostname(match.child("hostname"));
    MatchRules.path(match);
    MatchRules.headers(match, "headers", "header");
    MatchRules.query(match);
  }

  private static void prefix(At match) {
    String prefix = String.valueOf(match.map().text("prefix"));
    if (!prefix.startsWith("/")) {
      match.errorAt("prefix", "path-start", "Prefix to be matched on must start with '/'");
    } else if (prefix.startsWith("/aws-appmesh") || prefix.startsWith("/aws-app-mesh")) {
      match.errorAt("prefix", "reserved", "\"" + prefix + "\" is reserved by App Mesh");
    }
  }

  private static void grpcMatch(At match) {
    if (!match.has("serviceName") && !match.has("hostname")) {
      match.error("exactly-one", "Either servicename or hostname must be specified");
    }
    String service = String.valueOf(match.map().text("serviceName"));
    if (service.startsWith("aws.app-mesh") || service.startsWith("aws.appmesh")) {
      match.errorAt("serviceName", "reserved", "\"" + service + "\" is reserved by App Mesh");
    }
    hostname(match.child("hostname"));
    MatchRules.headers(match, "metadata", "metadata");
  }

  private static void hostname(@Nullable At hostname) {
    if (hostname != null) {
      hostname.exactlyOne("exact", "suffix");
    }
  }

  private static void rewrite(At rewrite, At match) {
    List<String> parts = rewrite.present("prefix", "path", "hostname");
    if (parts.isEmpty()) {
      rewrite.error("exactly-one", "Either prefix, path or hostname for rewrite must be specified");
    } else if (parts.contains("prefix") && parts.contains("path")) {
      rewrite.error(
          "exactly-one", "Both prefix and path for rewrites cannot be specified. Only 1 allowed");
    }
    At prefix = rewrite.child("prefix");
    if (prefix == null) {
      return;
    }
    if (prefix.has("defaultPrefix") && prefix.has("value")) {
      prefix.error(
          "exactly-one",
          "Cannot specify both defaultPrefix and prefix for rewrite, only 1 allowed");
    }
    String value = prefix.map().text("value");
    if (value != null && !(value.startsWith("/") && value.endsWith("/"))) {
      prefix.errorAt("value", "path-start", "New Rewrite Prefix must start and end with '/'");
    }
    if (!match.has("prefix")) {
      rewrite.errorAt(
          "prefix",
          "not-applicable",
          "a prefix rewrite without a prefix match (expected: match.prefix)");
    }
  }
}
