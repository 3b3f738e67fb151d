package heddle.network;

import heddle.network.ServiceForward.Protocol;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Turns the forwarding table into nftables scripts that hold only what changed.
 *
 * <p>Each service port is a chain that rewrites the destination to one endpoint, chosen at random
 * per connection, and an element of a verdict map that leads to it. A port without endpoints is
 * absent from the map; its packets then reach the node itself, where nobody listens, and are
 * refused. Chains that fell out of use are deleted by the next change, because older kernels refuse
 * to delete one in the transaction that removes its last reference.
 */
final class ServiceRules {
  private final Cidr loadBalancers;
  private final Map<Key, List<InetSocketAddress>> written = new HashMap<>();
  private final Set<String> hosts = new TreeSet<>();
  private final List<String> unused = new ArrayList<>();

  /** One address, protocol and port in the kernel's map. */
  private record Key(Inet4Address address, Protocol protocol, int port) {
    String chain() {
      return "svc-" + address.getHostAddress() + "-" + name() + "-" + port;
    }

    String element() {
      return address.getHostAddress() + " . " + name() + " . " + port;
    }

    String name() {
      return protocol.name().toLowerCase(Locale.ROOT);
    }
  }

  ServiceRules(Cidr loadBalancers) {
    this.loadBalancers = loadBalancers;
  }

  /** The tables of a fresh node namespace. */
  static String base() {
    return """
        table ip heddle {
          map services { type ipv4_addr . inet_proto . inet_service : verdict; }
          set itself { type ipv4_addr . ipv4_addr; }
          chain prerouting {
            type nat hook prerouting priority -100;
            ip daddr . meta l4proto . th dport vmap @services
          }
          chain output {
            type nat hook output priority -100;
            ip daddr . meta l4proto . th dport vmap @services
          }
          chain postrouting {
            type nat hook postrouting priority 100;
            ip saddr . ip daddr @itself snat to %1$s
            ip saddr 127.0.0.0/8 oifname != "lo" snat to %1$s
          }
        }
        """
        .formatted(NodeAddresses.ENTRY.getHostAddress());
  }

  /** The script that leads from what was written last to these forwards; empty when nothing is. */
  String change(Collection<ServiceForward> forwards) {
    Map<Key, List<InetSocketAddress>> wanted = new LinkedHashMap<>();
    for (ServiceForward f : forwards) {
      if (!f.endpoints().isEmpty()) {
        put(wanted, new Key(f.address(), f.protocol(), f.port()), f);
        if (loadBalancers.contains(f.address())) {
          Inet4Address standIn = NodeAddresses.standIn(loadBalancers, f.address());
          put(wanted, new Key(standIn, f.protocol(), f.port()), f);
        }
      }
    }
    StringBuilder s = new StringBuilder();
    List<String> dropped = new ArrayList<>();
    for (Key old : List.copyOf(written.keySet())) {
      if (!wanted.containsKey(old)) {
        s.append("delete element ip heddle services { ").append(old.element()).append(" }\n");
        s.append("flush chain ip heddle ").append(old.chain()).append('\n');
        dropped.add(old.chain());
      }
    }
    wanted.forEach((key, endpoints) -> write(s, key, endpoints));
    if (s.isEmpty()) {
      return "";
    }
    Set<String> endpoints = hosts(wanted.values());
    elements(s, "delete", hosts, endpoints);
    elements(s, "add", endpoints, hosts);
    for (String chain : unused) {
      if (wanted.keySet().stream().noneMatch(k -> k.chain().equals(chain))) {
        s.append("delete chain ip heddle ").append(chain).append('\n');
      }
    }
    pending = new Pending(wanted, endpoints, dropped);
    return s.toString();
  }

  private record Pending(
      Map<Key, List<InetSocketAddress>> written, Set<String> hosts, List<String> unused) {}

  private Pending pending = new Pending(Map.of(), Set.of(), List.of());

  /** Says that the script of the last change was applied. */
  void applied() {
    written.clear();
    written.putAll(pending.written());
    hosts.clear();
    hosts.addAll(pending.hosts());
    unused.clear();
    unused.addAll(pending.unused());
  }

  private static Set<String> hosts(Collection<List<InetSocketAddress>> endpoints) {
    Set<String> hosts = new TreeSet<>();
    endpoints.forEach(list -> list.forEach(e -> hosts.add(e.getAddress().getHostAddress())));
    return hosts;
  }

  /** Who may meet itself behind a service: its connection needs another source to come back. */
  private static void elements(StringBuilder s, String verb, Set<String> of, Set<String> without) {
    for (String host : of) {
      if (!without.contains(host)) {
        s.append(verb).append(" element ip heddle itself { ");
        s.append(host).append(" . ").append(host).append(" }\n");
      }
    }
  }

  private void write(StringBuilder s, Key key, List<InetSocketAddress> endpoints) {
    List<InetSocketAddress> before = written.get(key);
    if (endpoints.equals(before)) {
      return;
    }
    s.append("add chain ip heddle ").append(key.chain()).append('\n');
    s.append("flush chain ip heddle ").append(key.chain()).append('\n');
    s.append("add rule ip heddle ").append(key.chain()).append(' ').append(choose(key, endpoints));
    if (before == null) {
      s.append("add element ip heddle services { ").append(key.element());
      s.append(" : goto ").append(key.chain()).append(" }\n");
    }
  }

  private static String choose(Key key, List<InetSocketAddress> endpoints) {
    String protocol = "meta l4proto " + key.name() + " dnat to ";
    if (endpoints.size() == 1) {
      InetSocketAddress only = endpoints.getFirst();
      return protocol + only.getAddress().getHostAddress() + ":" + only.getPort() + "\n";
    }
    StringBuilder s = new StringBuilder(protocol);
    s.append("numgen random mod ").append(endpoints.size()).append(" map { ");
    for (int i = 0; i < endpoints.size(); i++) {
      InetSocketAddress e = endpoints.get(i);
      s.append(i == 0 ? "" : ", ").append(i).append(" : ");
      s.append(e.getAddress().getHostAddress()).append(" . ").append(e.getPort());
    }
    return s.append(" }\n").toString();
  }

  private static void put(
      Map<Key, List<InetSocketAddress>> wanted, Key key, ServiceForward forward) {
    if (wanted.put(key, forward.endpoints()) != null) {
      throw new NetworkException(
          "service address " + key.element() + " is given twice (expected: once)");
    }
  }
}
