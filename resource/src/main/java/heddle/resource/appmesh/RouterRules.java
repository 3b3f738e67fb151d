package heddle.resource.appmesh;

import heddle.manifest.Document;
import heddle.manifest.Node;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The rules of virtual routers. */
final class RouterRules {

  private static final String[] TYPES = {"httpRoute", "http2Route", "grpcRoute", "tcpRoute"};

  private RouterRules() {}

  static void virtualRouter(At spec, Document document) {
    Set<String> names = new HashSet<>();
    List<At> listeners = spec.items("listeners");
    for (At route : spec.items("routes")) {
      String name = String.valueOf(route.map().text("name"));
      if (!names.add(name)) {
        route.errorAt(
            "name",
            "duplicate",
            "VirtualRouter-" + document.name() + " has duplicate route entries for " + name);
      }
      route(route, listeners);
    }
    Set<Long> ports = new HashSet<>();
    for (At listener : listeners) {
      At mapping = listener.child("portMapping");
      Long port = mapping == null ? null : mapping.map().whole("port");
      if (mapping != null && port != null && !ports.add(port)) {
        mapping.errorAt("port", "duplicate", port + " is the port of two listeners");
      }
    }
  }

  private static void route(At route, List<At> listeners) {
    route.exactlyOne(TYPES);
    for (String type : TYPES) {
      At body = route.child(type);
      if (body == null) {
        continue;
      }
      protocol(route, body, type.substring(0, type.length() - "Route".length()), listeners);
      targets(body.child("action"));
      retry(body.child("retryPolicy"));
      At match = body.child("match");
      if (match != null) {
        switch (type) {
          case "grpcRoute" -> grpc(match);
          case "tcpRoute" -> {}
          default -> http(match);
        }
      }
    }
  }

  private static void http(At match) {
    boolean prefix = match.has("prefix");
    if (!prefix && !match.has("path")) {
      match.error("exactly-one", "Either Prefix or Path must be specified");
    } else if (prefix && match.has("path")) {
      match.error("exactly-one", "Both Prefix and Path cannot be specified, only 1 allowed");
    } else if (prefix && !String.valueOf(match.map().text("prefix")).startsWith("/")) {
      match.errorAt(
          "prefix",
          "path-start",
          "\"" + match.map().text("prefix") + "\" (expected: a prefix that begins with /)");
    }
    MatchRules.path(match);
    MatchRules.headers(match, "headers", "header");
    MatchRules.query(match);
  }

  private static void grpc(At match) {
    if (match.has("methodName") && !match.has("serviceName")) {
      match.errorAt("methodName", "required", "a method without serviceName (expected: both)");
    }
    MatchRules.headers(match, "metadata", "metadata");
  }

  /** A route speaks the protocol of its listener; with several listeners it must name one. */
  private static void protocol(At route, At body, String protocol, List<At> listeners) {
    At match = body.child("match");
    Long port = match == null ? null : match.map().whole("port");
    if (listeners.size() > 1 && port == null) {
      body.error(
          "required",
          "All Routes for this Virtual Router must define a port match before adding multiple "
              + "listeners to this Virtual Router.");
      return;
    }
    for (At listener : listeners) {
      At mapping = listener.child("portMapping");
      if (mapping == null || (port != null && !port.equals(mapping.map().whole("port")))) {
        continue;
      }
      String listens = String.valueOf(mapping.map().text("protocol"));
      if (!listens.equals(protocol)) {
        route.errorAt(
            protocol + "Route",
            "protocol-mismatch",
            protocol + " (expected: " + listens + ", the listener's protocol)");
      }
      return;
    }
    if (match != null && port != null && !listeners.isEmpty()) {
      match.errorAt("port", "port-mismatch", port + " (expected: the port of a listener)");
    }
  }

  private static void targets(@Nullable At action) {
    if (action == null) {
      return;
    }
    long sum = 0;
    for (At target : action.items("weightedTargets")) {
      AppMeshRules.reference(target, "virtualNode");
      Long weight = target.map().whole("weight");
      sum += weight == null ? 0 : weight;
    }
    if (sum > 100) {
      action.errorAt(
          "weightedTargets", "weights", "weights that sum to " + sum + " (expected: at most 100)");
    }
  }

  private static void retry(@Nullable At policy) {
    if (policy == null) {
      return;
    }
    String[] kinds = {"httpRetryEvents", "tcpRetryEvents", "grpcRetryEvents"};
    boolean any = false;
    for (String kind : kinds) {
      Node events = policy.map().present(kind);
      any |= events instanceof Node.Sequence list && !list.items().isEmpty();
    }
    if (!any) {
      policy.error("required", "no retry events (expected: at least one)");
    }
  }
}
