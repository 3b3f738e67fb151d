package heddle.cli.xds;

import com.google.protobuf.Message;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.Metadata;
import io.envoyproxy.envoy.config.core.v3.SocketAddress;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.endpoint.v3.LbEndpoint;
import io.envoyproxy.envoy.config.endpoint.v3.LocalityLbEndpoints;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteAction;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.RouteMatch;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import io.envoyproxy.envoy.config.route.v3.WeightedCluster;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** What people want to see of a resource first, with the manifest's object that decided it. */
final class Rows {

  private static final String NOTHING = "-";

  private Rows() {}

  static List<String> header(Part part) {
    return switch (part) {
      case lds -> List.of("NAME", "ADDRESS", "CHAINS", "STATUS", "FROM");
      case rds -> List.of("NAME", "DOMAINS", "MATCH", "TO", "STATUS", "FROM");
      case cds -> List.of("NAME", "TYPE", "STATUS", "FROM");
      case eds -> List.of("CLUSTER", "ENDPOINT", "WEIGHT", "STATUS", "FROM");
    };
  }

  static List<List<String>> of(Message resource, String status) {
    return switch (resource) {
      case Listener listener ->
          List.of(
              List.of(
                  listener.getName(),
                  address(listener.getAddress().getSocketAddress()),
                  Integer.toString(listener.getFilterChainsCount()),
                  status,
                  from(listener.getMetadata())));
      case Cluster cluster ->
          List.of(
              List.of(
                  cluster.getName(),
                  cluster.getType().name(),
                  status,
                  from(cluster.getMetadata())));
      case RouteConfiguration routes -> routes(routes, status);
      case ClusterLoadAssignment endpoints -> endpoints(endpoints, status);
      default -> throw new IllegalArgumentException(resource.getDescriptorForType().getFullName());
    };
  }

  private static List<List<String>> routes(RouteConfiguration routes, String status) {
    List<List<String>> rows = new ArrayList<>();
    for (VirtualHost host : routes.getVirtualHostsList()) {
      String domains = domains(host);
      for (Route route : host.getRoutesList()) {
        rows.add(
            List.of(
                routes.getName(),
                domains,
                match(route.getMatch()),
                target(route),
                status,
                from(route.getMetadata())));
      }
      if (host.getRoutesCount() == 0) {
        rows.add(
            List.of(routes.getName(), domains, NOTHING, "404", status, from(host.getMetadata())));
      }
    }
    if (rows.isEmpty()) {
      rows.add(List.of(routes.getName(), NOTHING, NOTHING, "404", status, NOTHING));
    }
    return rows;
  }

  private static String domains(VirtualHost host) {
    int more = host.getDomainsCount() - 1;
    String first = more < 0 ? NOTHING : host.getDomains(0);
    return more > 0 ? first + " (+" + more + ")" : first;
  }

  private static String match(RouteMatch match) {
    String path =
        switch (match.getPathSpecifierCase()) {
          case PREFIX -> match.getPrefix() + "*";
          case PATH -> match.getPath();
          case SAFE_REGEX -> "~ " + match.getSafeRegex().getRegex();
          default -> match.getPathSpecifierCase().name();
        };
    String headers =
        match.getHeadersList().stream()
            .map(header -> header.getName())
            .collect(Collectors.joining(", "));
    return headers.isEmpty() ? path : path + " if " + headers;
  }

  private static String target(Route route) {
    if (route.hasDirectResponse()) {
      return Integer.toString(route.getDirectResponse().getStatus());
    }
    RouteAction action = route.getRoute();
    if (!action.hasWeightedClusters()) {
      return action.getCluster();
    }
    List<String> shares = new ArrayList<>();
    for (WeightedCluster.ClusterWeight share : action.getWeightedClusters().getClustersList()) {
      shares.add(share.getWeight().getValue() + "× " + share.getName());
    }
    return String.join(", ", shares);
  }

  private static List<List<String>> endpoints(ClusterLoadAssignment endpoints, String status) {
    List<List<String>> rows = new ArrayList<>();
    for (LocalityLbEndpoints locality : endpoints.getEndpointsList()) {
      for (LbEndpoint endpoint : locality.getLbEndpointsList()) {
        rows.add(
            List.of(
                endpoints.getClusterName(),
                address(endpoint.getEndpoint().getAddress().getSocketAddress()),
                endpoint.hasLoadBalancingWeight()
                    ? Integer.toString(endpoint.getLoadBalancingWeight().getValue())
                    : NOTHING,
                status,
                from(endpoint.getMetadata())));
      }
    }
    if (rows.isEmpty()) {
      rows.add(List.of(endpoints.getClusterName(), "none", NOTHING, status, NOTHING));
    }
    return rows;
  }

  private static String address(SocketAddress address) {
    return address.getAddress() + ":" + address.getPortValue();
  }

  private static String from(Metadata metadata) {
    Struct origin =
        metadata.getFilterMetadataMap().getOrDefault("heddle", Struct.getDefaultInstance());
    String namespace = text(origin, "namespace");
    String object =
        text(origin, "kind")
            + " "
            + (namespace.isEmpty() ? "" : namespace + "/")
            + text(origin, "name");
    String from = (object + " " + text(origin, "field")).strip();
    return from.isEmpty() ? NOTHING : from;
  }

  private static String text(Struct struct, String field) {
    return struct.getFieldsOrDefault(field, Value.getDefaultInstance()).getStringValue();
  }
}
