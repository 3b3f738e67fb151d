package heddle.proxy.upstream;

import io.netty.channel.socket.DatagramChannel;
import io.netty.resolver.ResolvedAddressTypes;
import io.netty.resolver.dns.DnsNameResolver;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import io.netty.resolver.dns.DnsServerAddressStreamProviders;
import io.netty.resolver.dns.NoopDnsCache;
import io.netty.resolver.dns.NoopDnsCnameCache;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Resolves a cluster's names again and again, through sockets of the sidecar's namespace. A failed
 * look-up keeps what was known.
 */
final class DnsDiscovery {
  private final Cluster cluster;
  private final ClusterConfig.Discovery.Dns config;
  private final Clusters.Sockets sockets;
  private final Map<ClusterConfig.Endpoint, List<String>> known = new LinkedHashMap<>();
  private @Nullable DnsNameResolver resolver;
  private @Nullable Future<?> timer;
  private int outstanding;
  private boolean closed;

  DnsDiscovery(Cluster cluster, ClusterConfig.Discovery.Dns config, Clusters.Sockets sockets) {
    this.cluster = cluster;
    this.config = config;
    this.sockets = sockets;
  }

  void start() {
    var builder =
        new DnsNameResolverBuilder(sockets.loop())
            .datagramChannelFactory(this::datagram)
            .resolvedAddressTypes(types(config.family()))
            .resolveCache(NoopDnsCache.INSTANCE)
            .cnameCache(NoopDnsCnameCache.INSTANCE)
            .queryTimeoutMillis(2000);
    if (sockets.nameServer() != null) {
      builder.nameServerProvider(
          new io.netty.resolver.dns.SingletonDnsServerAddressStreamProvider(sockets.nameServer()));
    } else {
      builder.nameServerProvider(DnsServerAddressStreamProviders.platformDefault());
    }
    resolver = builder.build();
    refresh();
  }

  private static ResolvedAddressTypes types(ClusterConfig.Family family) {
    return switch (family) {
      case V4_ONLY -> ResolvedAddressTypes.IPV4_ONLY;
      case V6_ONLY -> ResolvedAddressTypes.IPV6_ONLY;
      case V4_PREFERRED, ALL -> ResolvedAddressTypes.IPV4_PREFERRED;
    };
  }

  /** The addresses that count: of one family, unless both are wanted. */
  private List<String> literals(List<InetAddress> addresses) {
    boolean all = config.family() == ClusterConfig.Family.ALL;
    Class<?> first = addresses.getFirst().getClass();
    return addresses.stream()
        .filter(address -> all || address.getClass() == first)
        .map(InetAddress::getHostAddress)
        .toList();
  }

  private DatagramChannel datagram() {
    return sockets.transport().datagram(sockets.namespace());
  }

  void close() {
    closed = true;
    if (timer != null) {
      timer.cancel(false);
    }
    if (resolver != null) {
      resolver.close();
    }
  }

  private void refresh() {
    DnsNameResolver dns = resolver;
    if (closed || dns == null) {
      return;
    }
    outstanding = config.names().size();
    if (outstanding == 0) {
      cluster.discovered();
      return;
    }
    for (var name : config.names()) {
      cluster.stats().updateAttempt.inc();
      dns.resolveAll(name.address())
          .addListener(
              f -> {
                @SuppressWarnings("unchecked")
                List<InetAddress> addresses =
                    f.isSuccess() ? (List<InetAddress>) f.getNow() : List.of();
                answered(name, addresses);
              });
    }
  }

  private void answered(ClusterConfig.Endpoint name, List<InetAddress> addresses) {
    if (closed) {
      return;
    }
    if (addresses.isEmpty()) {
      cluster.stats().updateFailure.inc();
    } else {
      var literals = literals(addresses);
      List<String> before = known.get(name);
      if (!config.logical()) {
        known.put(name, literals);
      } else if (before == null || !literals.contains(before.getFirst())) {
        known.put(name, List.of(literals.getFirst()));
      }
    }
    if (--outstanding == 0) {
      publish();
      timer =
          sockets.loop().schedule(this::refresh, config.refresh().toNanos(), TimeUnit.NANOSECONDS);
    }
  }

  private void publish() {
    var endpoints = new ArrayList<ClusterConfig.Endpoint>();
    known.forEach(
        (name, addresses) ->
            addresses.forEach(
                address ->
                    endpoints.add(
                        new ClusterConfig.Endpoint(
                            address,
                            name.port(),
                            name.hostname().isEmpty() ? name.address() : name.hostname(),
                            name.weight(),
                            name.health(),
                            name.priority(),
                            name.zone(),
                            name.checkPort(),
                            name.checkHostname()))));
    if (!endpoints.isEmpty()) {
      cluster.endpoints(endpoints);
    }
    cluster.discovered();
  }
}
