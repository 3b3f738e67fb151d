package heddle.network;

import java.util.Collection;
import java.util.stream.Collectors;

/** The nftables script of a pod: load balancers' addresses, and what its sidecar takes. */
final class InterceptionRules {
  private InterceptionRules() {}

  /**
   * Rules that every pod has: a load balancer's loopback address leaves the pod under its stand-in.
   */
  static String base(Cidr loadBalancers) {
    return """
        table ip heddle {
          chain balancers {
            type nat hook output priority -90;
            ip daddr %1$s dnat ip prefix to ip daddr map { %1$s : %2$s }
          }
          chain leave {
            type nat hook postrouting priority 100;
            ip saddr 127.0.0.0/8 oifname "eth0" masquerade
          }
        }
        """
        .formatted(loadBalancers, NodeAddresses.BALANCERS);
  }

  /** Replaces the sidecar's rules by new ones, in one step. */
  static String intercept(Interception rules, Cidr loadBalancers) {
    StringBuilder s = new StringBuilder();
    s.append("table ip sidecar {}\ndelete table ip sidecar\ntable ip sidecar {\n");
    s.append("  chain out {\n    type nat hook output priority -100;\n");
    s.append("    meta l4proto != tcp return\n");
    s.append("    meta mark ").append(Interception.PROXY_MARK).append(" return\n");
    s.append("    meta skuid ").append(rules.ignoredUid()).append(" return\n");
    s.append("    ip daddr != ").append(loadBalancers).append(" oifname \"lo\" return\n");
    line(s, "ip daddr", rules.ignoredOutboundRanges(), "return");
    line(s, "tcp dport", rules.ignoredOutboundPorts(), "return");
    s.append("    meta l4proto tcp redirect to :").append(rules.outboundPort()).append("\n  }\n");
    s.append("  chain in {\n    type nat hook prerouting priority -100;\n");
    s.append("    ip saddr ").append(NodeAddresses.NODE.getHostAddress()).append(" return\n");
    line(s, "tcp dport", rules.applicationPorts(), "redirect to :" + rules.inboundPort());
    return s.append("  }\n}\n").toString();
  }

  private static void line(StringBuilder s, String match, Collection<?> values, String verdict) {
    if (values.isEmpty()) {
      return;
    }
    s.append(
        values.stream()
            .map(Object::toString)
            .sorted()
            .collect(Collectors.joining(", ", "    " + match + " { ", " } " + verdict + "\n")));
  }
}
