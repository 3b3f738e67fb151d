package heddle.resource.appmesh;

import heddle.manifest.Document;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the schemas cannot say: which members exclude each other, and which must agree. Messages are
 * the App Mesh controller's own wherever it had one.
 */
final class AppMeshRules {

  private AppMeshRules() {}

  static void check(String kind, At spec, Document document) {
    switch (kind) {
      case "Mesh" -> mesh(spec);
      case "VirtualNode" -> NodeRules.virtualNode(spec, document);
      case "VirtualService" -> virtualService(spec);
      case "VirtualRouter" -> RouterRules.virtualRouter(spec, document);
      case "VirtualGateway" -> NodeRules.virtualGateway(spec);
      case "GatewayRoute" -> GatewayRouteRules.gatewayRoute(spec);
      default -> {}
    }
  }

  private static void mesh(At spec) {
    selector(spec.child("namespaceSelector"));
    At discovery = spec.child("meshServiceDiscovery");
    if (discovery != null && discovery.map().present("ipPreference") != null) {
      String preference = discovery.map().text("ipPreference");
      if (!List.of("IPv4_ONLY", "IPv6_ONLY").contains(String.valueOf(preference))) {
        discovery.errorAt(
            "ipPreference",
            "not-allowed",
            "Only non-empty values allowed are IPv4_ONLY or IPv6_ONLY");
      }
    }
  }

  private static void virtualService(At spec) {
    At provider = spec.child("provider");
    if (provider == null) {
      return;
    }
    provider.atMostOne("virtualNode", "virtualRouter");
    reference(provider.child("virtualNode"), "virtualNode");
    reference(provider.child("virtualRouter"), "virtualRouter");
  }

  /** Exactly one of {@code <kind>Ref} and {@code <kind>ARN}. */
  static void reference(@Nullable At holder, String kind) {
    if (holder != null) {
      holder.exactlyOne(kind + "Ref", kind + "ARN");
    }
  }

  /** Kubernetes' own rule about {@code values}. */
  static void selector(@Nullable At selector) {
    if (selector == null) {
      return;
    }
    for (At expression : selector.items("matchExpressions")) {
      String operator = String.valueOf(expression.map().text("operator"));
      boolean needsValues = operator.equals("In") || operator.equals("NotIn");
      boolean hasValues = !expression.map().items("values").isEmpty();
      if (needsValues != hasValues) {
        expression.errorAt(
            "values",
            "selector-values",
            (hasValues ? "values" : "no values")
                + " for the operator "
                + operator
                + (needsValues ? " (expected: at least one)" : " (expected: none)"));
      }
    }
  }

  static void logging(At spec) {
    At logging = spec.child("logging");
    At accessLog = logging == null ? null : logging.child("accessLog");
    At file = accessLog == null ? null : accessLog.child("file");
    At format = file == null ? null : file.child("format");
    if (format != null) {
      format.exactlyOne("text", "json");
    }
  }
}
