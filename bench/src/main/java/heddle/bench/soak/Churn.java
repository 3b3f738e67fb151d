package heddle.bench.soak;

import com.google.protobuf.Message;
import com.google.protobuf.util.Durations;
import heddle.bench.serving.MeshConfig;
import heddle.xds.snapshot.Snapshot;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.AggregatedConfigSource;
import io.envoyproxy.envoy.config.core.v3.ConfigSource;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.WeightedCluster;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.Rds;
import java.util.ArrayList;
import java.util.List;

/**
 * A configuration that changes in one kind of resource at a time: endpoints, routes, clusters,
 * listeners, and over again. A correct proxy loses nothing by it: every origin goes on serving when
 * it is removed, what is routed to exists, and the listener keeps its address.
 *
 * <p>Traffic goes to the clusters {@code left} and {@code right}, whose shares and endpoints
 * change, and to one of two others, which come and go.
 */
final class Churn {
  private static final ConfigSource ADS =
      ConfigSource.newBuilder().setAds(AggregatedConfigSource.getDefaultInstance()).build();
  private static final int KINDS = 4;

  private final int port;
  private final int otherPort;
  private final List<Integer> origins;

  /**
   * @param otherPort of a listener that comes and goes
   * @param origins ports; at least two
   */
  Churn(int port, int otherPort, List<Integer> origins) {
    this.port = port;
    this.otherPort = otherPort;
    this.origins = List.copyOf(origins);
  }

  /** The configuration after so many changes. */
  Snapshot after(long changes) {
    long endpoints = (changes + 3) / KINDS;
    long routes = (changes + 2) / KINDS;
    long clusters = (changes + 1) / KINDS;
    long listeners = changes / KINDS;
    var all = new ArrayList<Message>();
    all.addAll(clusters(clusters));
    for (Message cluster : clusters(clusters)) {
      all.add(MeshConfig.endpoints(((Cluster) cluster).getName(), subset(endpoints)));
    }
    all.add(routes(routes));
    all.addAll(listeners(listeners));
    return Snapshot.builder().addAll(all).build();
  }

  /** All origins but one. */
  private List<Integer> subset(long turn) {
    var some = new ArrayList<>(origins);
    some.remove((int) (turn % origins.size()));
    return some;
  }

  /**
   * Two that stay, with a setting that differs from turn to turn so that they are built anew, and
   * one that is on its way in or out: it exists one turn longer than it is routed to.
   */
  private static List<Message> clusters(long turn) {
    var all = new ArrayList<Message>(List.of(cluster("left", turn), cluster("right", turn)));
    all.add(cluster(passing(turn), 0));
    all.add(cluster(passing(turn + 1), 0));
    return all;
  }

  private static String passing(long turn) {
    return "passing-" + turn % 3;
  }

  private static Cluster cluster(String name, long turn) {
    var eds = Cluster.EdsClusterConfig.newBuilder().setEdsConfig(ADS);
    return Cluster.newBuilder()
        .setName(name)
        .setType(Cluster.DiscoveryType.EDS)
        .setEdsClusterConfig(eds)
        .setConnectTimeout(Durations.fromMillis(5000 + turn % 2))
        .build();
  }

  private static RouteConfiguration routes(long turn) {
    var table = MeshConfig.routes("left").toBuilder();
    var weighted = WeightedCluster.newBuilder();
    weighted.addClusters(share("left", 20 + (int) (turn % 50)));
    weighted.addClusters(share("right", 70 - (int) (turn % 50)));
    // The clusters of this turn are applied after the routes of it: take the one that both have.
    weighted.addClusters(share(passing(turn), 10));
    table
        .getVirtualHostsBuilder(0)
        .getRoutesBuilder(0)
        .getRouteBuilder()
        .setWeightedClusters(weighted);
    return table.build();
  }

  private static WeightedCluster.ClusterWeight share(String cluster, int weight) {
    var share = WeightedCluster.ClusterWeight.newBuilder().setName(cluster);
    share.getWeightBuilder().setValue(weight);
    return share.build();
  }

  private List<Listener> listeners(long turn) {
    Listener used = listener("used", port, 300 + turn % 2);
    return turn % 2 == 0 ? List.of(used) : List.of(used, listener("other", otherPort, 300));
  }

  private static Listener listener(String name, int port, long idleSeconds) {
    var rds = Rds.newBuilder().setConfigSource(ADS).setRouteConfigName("routes");
    return MeshConfig.listener(
        name,
        port,
        MeshConfig.hcm().setRds(rds).setStreamIdleTimeout(Durations.fromSeconds(idleSeconds)));
  }
}
