package heddle.proxy.upstream;

import java.net.InetSocketAddress;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The hosts of a cluster: who belongs to it, from when to when. */
final class Membership {
  private final Cluster cluster;
  private final Balancer balancer;
  private final Map<InetSocketAddress, Host> hosts = new LinkedHashMap<>();
  private final MergeWindow window;
  private List<ClusterConfig.Endpoint> latest = List.of();

  Membership(Cluster cluster, Balancer balancer) {
    this.cluster = cluster;
    this.balancer = balancer;
    this.window =
        new MergeWindow(cluster, priority -> balancer.update(priority, ofPriority(priority)));
  }

  Collection<Host> hosts() {
    return hosts.values();
  }

  /** Replaces the hosts by what discovery says now. */
  void endpoints(List<ClusterConfig.Endpoint> endpoints) {
    var stats = cluster.stats();
    stats.updateAttempt.inc();
    stats.updateSuccess.inc();
    var wanted = new LinkedHashMap<InetSocketAddress, ClusterConfig.Endpoint>();
    for (var endpoint : endpoints) {
      wanted.put(new InetSocketAddress(endpoint.address(), endpoint.port()), endpoint);
    }
    if (endpoints.equals(latest) && wanted.keySet().equals(hosts.keySet())) {
      stats.updateNoRebuild.inc();
      return;
    }
    var before = latest;
    latest = List.copyOf(endpoints);
    var membersBefore = addressesByPriority();
    var addressesBefore = Set.copyOf(hosts.keySet());
    for (Host host : List.copyOf(hosts.values())) {
      if (!wanted.containsKey(host.address())) {
        leave(host);
      }
    }
    wanted.forEach(this::keepOrAdd);
    if (!hosts.keySet().equals(addressesBefore)) {
      stats.membershipChange.inc();
    }
    count();
    announce(before, membersBefore);
  }

  private Map<Integer, Set<InetSocketAddress>> addressesByPriority() {
    var all = new TreeMap<Integer, Set<InetSocketAddress>>();
    for (Host host : hosts.values()) {
      all.computeIfAbsent(host.endpoint().priority(), p -> new HashSet<>()).add(host.address());
    }
    return all;
  }

  /** What discovery says goes through at once, also of hosts that stay. */
  private void announce(
      List<ClusterConfig.Endpoint> before, Map<Integer, Set<InetSocketAddress>> membersBefore) {
    var members = addressesByPriority();
    var priorities = new TreeSet<>(members.keySet());
    priorities.addAll(membersBefore.keySet());
    for (int priority : priorities) {
      if (!Objects.equals(members.get(priority), membersBefore.get(priority))
          || !described(before, priority).equals(described(latest, priority))) {
        window.changed(priority, true);
      }
    }
  }

  private static List<ClusterConfig.Endpoint> described(
      List<ClusterConfig.Endpoint> endpoints, int priority) {
    return endpoints.stream().filter(endpoint -> endpoint.priority() == priority).toList();
  }

  private List<Host> ofPriority(int priority) {
    return hosts.values().stream().filter(host -> host.endpoint().priority() == priority).toList();
  }

  private void count() {
    var stats = cluster.stats();
    stats.membershipTotal.set(hosts.size());
    stats.membershipHealthy.set(hosts.values().stream().filter(Host::healthy).count());
    stats.membershipDegraded.set(hosts.values().stream().filter(Host::degraded).count());
    stats.membershipExcluded.set(hosts.values().stream().filter(Host::excluded).count());
  }

  /** Discovery dropped a host: while its health checks pass it stays, as Envoy has it. */
  private void leave(Host host) {
    boolean stays =
        !cluster.config().healthChecks().isEmpty()
            && !cluster.config().ignoreHealthOnRemoval()
            && !host.failedActiveCheck()
            && host.endpoint().health() == ClusterConfig.EndpointHealth.HEALTHY;
    if (stays) {
      host.markRemoved();
    } else {
      remove(host);
    }
  }

  private void keepOrAdd(InetSocketAddress address, ClusterConfig.Endpoint endpoint) {
    Host host = hosts.get(address);
    if (host != null && !host.removed()) {
      host.endpoint(endpoint); // whatever EDS says of its health, its connections stay
      return;
    }
    Host added = new Host(cluster, address, endpoint);
    hosts.put(address, added);
    cluster.joined(added);
  }

  void remove(Host host) {
    hosts.remove(host.address(), host);
    host.markRemoved();
    cluster.left(host);
    host.pool().drain();
  }

  /** The cluster is over. Its gauges are left alone: a new one of the same name has set them. */
  void removeAll() {
    window.close();
    List.copyOf(hosts.values()).forEach(this::remove);
  }

  /** A host's health, in whatever sense, is another now. */
  void healthChanged(Host host) {
    boolean leaves = host.removed() && !host.healthy();
    if (!host.healthy()) {
      host.pool().drain();
    }
    if (leaves) {
      remove(host);
      cluster.stats().membershipChange.inc();
    }
    count();
    window.changed(host.endpoint().priority(), leaves);
  }

  /** The host of an original-destination cluster for one destination. */
  Host at(InetSocketAddress destination) {
    return hosts.computeIfAbsent(
        destination,
        address ->
            new Host(
                cluster,
                address,
                new ClusterConfig.Endpoint(
                    address.getAddress().getHostAddress(),
                    address.getPort(),
                    "",
                    1,
                    ClusterConfig.EndpointHealth.HEALTHY,
                    0,
                    "",
                    0,
                    "")));
  }

  /** Forgets original destinations that nobody uses. */
  void dropUnused() {
    hosts
        .values()
        .removeIf(
            host ->
                host.activeConnections() == 0
                    && host.activeRequests() == 0
                    && !host.pool().hasPending());
  }
}
