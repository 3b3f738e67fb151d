package heddle.mesh.appmesh;

import heddle.manifest.FieldPath;
import heddle.resource.ResourceKey;
import heddle.resource.appmesh.GatewayRoute;
import heddle.resource.appmesh.VirtualGateway;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Which gateway every gateway route belongs to. */
final class GatewayRoutes {

  private final MeshIndex index;
  private final Findings findings;
  private final Map<ResourceKey, List<GatewayRoute>> attached = new HashMap<>();

  GatewayRoutes(MeshIndex index, Findings findings) {
    this.index = index;
    this.findings = findings;
    for (GatewayRoute route : index.members(GatewayRoute.class)) {
      VirtualGateway gateway = route.gatewayRef() == null ? select(route) : referred(route);
      if (gateway != null) {
        attached.computeIfAbsent(gateway.key(), key -> new ArrayList<>()).add(route);
      }
    }
  }

  List<GatewayRoute> of(VirtualGateway gateway) {
    return attached.getOrDefault(gateway.key(), List.of());
  }

  private @Nullable VirtualGateway referred(GatewayRoute route) {
    GatewayRoute.GatewayRef ref = Objects.requireNonNull(route.gatewayRef());
    String namespace = ref.namespace() == null ? route.meta().namespace() : ref.namespace();
    FieldPath path = route.path().fields("spec", "virtualGatewayRef");
    VirtualGateway gateway =
        index.find(
            VirtualGateway.class,
            "VirtualGateway",
            new heddle.resource.appmesh.Reference.ByName(namespace, ref.name()),
            route);
    if (gateway == null) {
      findings.fail(
          route,
          "ReferenceNotFound",
          "dangling-reference",
          path.field("name"),
          "there is no VirtualGateway " + namespace + "/" + ref.name());
      return null;
    }
    if (gateway.meta().uid() != null && !gateway.meta().uid().equals(ref.uid())) {
      findings.fail(
          route,
          "ReferenceNotFound",
          "gateway-uid",
          path.field("uid"),
          "virtualGateway UID mismatch: " + ref.name());
      return null;
    }
    return ofSameMesh(gateway, route);
  }

  private @Nullable VirtualGateway select(GatewayRoute route) {
    List<VirtualGateway> found =
        index.resources().stream()
            .filter(VirtualGateway.class::isInstance)
            .map(VirtualGateway.class::cast)
            .filter(gateway -> accepts(gateway, route))
            .toList();
    String name = route.meta().name();
    if (found.isEmpty()) {
      findings.fail(
          route,
          "NoGateway",
          "no-gateway",
          route.path(),
          "failed to find matching virtualGateway for gatewayRoute: "
              + name
              + ", expecting 1 but found 0",
          "label its namespace as the VirtualGateway's spec.namespaceSelector asks");
      return null;
    }
    if (found.size() > 1) {
      findings.fail(
          route,
          "NoGateway",
          "several-gateways",
          route.path(),
          "found multiple matching virtualGateways for gatewayRoute: "
              + name
              + ", expecting 1 but found "
              + found.size()
              + ": "
              + found.stream().map(g -> g.meta().name()).collect(Collectors.joining(",")));
      return null;
    }
    return ofSameMesh(found.getFirst(), route);
  }

  private boolean accepts(VirtualGateway gateway, GatewayRoute route) {
    if (gateway.namespaceSelector() == null) {
      return false;
    }
    Map<String, String> labels = index.namespaceLabels(route.meta().namespace());
    boolean namespace = labels == null || gateway.namespaceSelector().matches(labels);
    return namespace
        && (gateway.gatewayRouteSelector() == null
            || gateway.gatewayRouteSelector().matches(route.meta().labels()));
  }

  private @Nullable VirtualGateway ofSameMesh(VirtualGateway gateway, GatewayRoute route) {
    if (index.meshOf(gateway) == null) {
      findings.pending(route, gateway.key() + " is not active yet");
      return null;
    }
    if (!Objects.equals(index.meshOf(gateway), index.meshOf(route))) {
      findings.fail(
          route,
          "Conflict",
          "other-mesh",
          route.path(),
          "virtualGateway referenced does not belong to the mesh referenced in GatewayRoute "
              + "Create");
      return null;
    }
    return gateway;
  }
}
