package heddle.network;

import java.net.Inet4Address;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What the name server answers by itself. Names are lower case, without the trailing dot.
 *
 * @param zones zones the server is authoritative for ({@code cluster.local}, Cloud Map namespaces):
 *     an unknown name in them is NXDOMAIN and is never forwarded
 * @param addresses A records
 * @param aliases CNAME records (ExternalName services)
 * @param services SRV records by full name ({@code _http._tcp.web.default.svc.cluster.local})
 */
public record NameTable(
    Set<String> zones,
    Map<String, List<Inet4Address>> addresses,
    Map<String, String> aliases,
    Map<String, List<Srv>> services) {

  /** Target of an SRV record; priority 0, weight 100. */
  public record Srv(String target, int port) {}

  static final NameTable EMPTY = new NameTable(Set.of(), Map.of(), Map.of(), Map.of());

  public NameTable {
    zones = Set.copyOf(zones);
    addresses = Map.copyOf(addresses);
    aliases = Map.copyOf(aliases);
    services = Map.copyOf(services);
  }
}
