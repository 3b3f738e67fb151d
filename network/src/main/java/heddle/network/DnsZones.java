package heddle.network;

import heddle.network.DnsRecord.Address;
import heddle.network.DnsRecord.Authority;
import heddle.network.DnsRecord.Pointer;
import heddle.network.DnsRecord.Service;
import heddle.network.DnsRecord.Text;
import java.net.Inet4Address;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * Answers questions out of one {@link NameTable}, with the semantics of Kubernetes' DNS
 * specification 1.1.0: an existing name without the asked type has an empty answer, an unknown name
 * of a zone does not exist, and everything else belongs to other servers.
 */
final class DnsZones {
  /** CoreDNS's default for the cluster's names, in seconds. */
  static final int TTL = 5;

  private static final String CLUSTER = "cluster.local";
  private static final String REVERSE = "in-addr.arpa";
  private static final int LONGEST_CHAIN = 8;

  private final NameTable table;
  private final List<Cidr> networks;
  private final int serial;
  private final List<String> zones;
  private final Set<String> existing = new HashSet<>();
  private final Map<Inet4Address, List<String>> reverse = new HashMap<>();

  /** What the tables say to a question. */
  sealed interface Lookup {
    /** The answer, possibly empty; the zone's SOA when it is. */
    record Known(
        boolean exists,
        List<DnsRecord> answers,
        List<DnsRecord> authority,
        List<DnsRecord> additional)
        implements Lookup {}

    /** Others must be asked for {@code name}; {@code aliases} lead to it. */
    record Elsewhere(List<DnsRecord> aliases, String name) implements Lookup {}
  }

  /**
   * @param networks whose addresses have their reverse names here and nowhere else
   * @param serial number of this version, in the zones' SOA
   */
  DnsZones(NameTable table, List<Cidr> networks, int serial) {
    this.table = table;
    this.networks = networks;
    this.serial = serial;
    this.zones =
        table.zones().stream().sorted(Comparator.comparingInt(String::length).reversed()).toList();
    table.zones().forEach(existing::add);
    table.addresses().keySet().forEach(this::exists);
    table.aliases().keySet().forEach(this::exists);
    table.services().keySet().forEach(this::exists);
    if (table.zones().contains(CLUSTER)) {
      exists("dns-version." + CLUSTER);
      exists("pod." + CLUSTER);
    }
    table.addresses().forEach(this::reverse);
  }

  /** Looks up a lower-case name. */
  Lookup lookup(String name, int type, RandomGenerator random) {
    List<DnsRecord> answers = new ArrayList<>();
    String current = name;
    for (int i = 0; i < LONGEST_CHAIN; i++) {
      Optional<String> zone = zone(current);
      if (zone.isEmpty()) {
        return new Lookup.Elsewhere(answers, current);
      }
      String target = table.aliases().get(current);
      if (target == null || !encodable(target)) {
        return known(zone.get(), current, type, answers, random);
      }
      answers.add(new DnsRecord(current, TTL, new Pointer(DnsCode.CNAME, target)));
      if (type == DnsCode.CNAME) {
        return new Lookup.Known(true, answers, List.of(), List.of());
      }
      current = target;
    }
    return new Lookup.Known(true, answers, List.of(), List.of());
  }

  private Lookup known(
      String zone, String name, int type, List<DnsRecord> answers, RandomGenerator random) {
    List<DnsRecord> additional = new ArrayList<>();
    List<Inet4Address> addresses = addresses(name);
    boolean any = type == DnsCode.ANY;
    if (type == DnsCode.A || any) {
      List<Inet4Address> shuffled = new ArrayList<>(addresses);
      Collections.shuffle(shuffled, random);
      shuffled.forEach(a -> answers.add(new DnsRecord(name, TTL, new Address(a))));
    }
    if (type == DnsCode.SRV || any) {
      services(name, answers, additional);
    }
    if ((type == DnsCode.PTR || any) && zone.equals(REVERSE)) {
      for (String target : reverseNames(name)) {
        answers.add(new DnsRecord(name, TTL, new Pointer(DnsCode.PTR, target)));
      }
    }
    if ((type == DnsCode.TXT || any) && name.equals("dns-version." + CLUSTER)) {
      answers.add(new DnsRecord(name, TTL, new Text("1.1.0")));
    }
    if ((type == DnsCode.SOA || any) && name.equals(zone)) {
      answers.add(authority(zone));
    }
    if ((type == DnsCode.NS || any) && name.equals(zone)) {
      answers.add(new DnsRecord(name, TTL, new Pointer(DnsCode.NS, "ns.dns." + zone)));
    }
    boolean exists =
        existing.contains(name)
            || !addresses.isEmpty()
            || (zone.equals(REVERSE) && !reverseNames(name).isEmpty());
    List<DnsRecord> authority = answers.isEmpty() || !exists ? List.of(authority(zone)) : List.of();
    return new Lookup.Known(exists, answers, authority, additional);
  }

  private void services(String name, List<DnsRecord> answers, List<DnsRecord> additional) {
    for (NameTable.Srv srv : table.services().getOrDefault(name, List.of())) {
      answers.add(new DnsRecord(name, TTL, new Service(0, 100, srv.port(), srv.target())));
      for (Inet4Address a : addresses(srv.target())) {
        additional.add(new DnsRecord(srv.target(), TTL, new Address(a)));
      }
    }
  }

  private List<Inet4Address> addresses(String name) {
    List<Inet4Address> listed = table.addresses().get(name);
    return listed != null ? listed : podAddress(name).map(List::of).orElse(List.of());
  }

  /** {@code 10-244-0-7.NAMESPACE.pod.cluster.local} names that address, whoever has it. */
  private Optional<Inet4Address> podAddress(String name) {
    String suffix = ".pod." + CLUSTER;
    int dot = name.indexOf('.');
    if (!name.endsWith(suffix) || name.indexOf('.', dot + 1) != name.length() - suffix.length()) {
      return Optional.empty();
    }
    return literal(name.substring(0, dot).replace('-', '.'));
  }

  private List<String> reverseNames(String name) {
    return reverseAddress(name).map(a -> reverse.getOrDefault(a, List.of())).orElse(List.of());
  }

  private static Optional<Inet4Address> reverseAddress(String name) {
    if (!name.endsWith("." + REVERSE)) {
      return Optional.empty();
    }
    String[] octets = name.substring(0, name.length() - REVERSE.length() - 1).split("\\.", -1);
    Collections.reverse(Arrays.asList(octets));
    return literal(String.join(".", octets));
  }

  private static Optional<Inet4Address> literal(String address) {
    try {
      return Optional.of(Cidr.ipv4(address));
    } catch (IllegalArgumentException e) {
      return Optional.empty(); // the name only looks like an address's
    }
  }

  private Optional<String> zone(String name) {
    for (String zone : zones) {
      if (name.equals(zone) || name.endsWith("." + zone)) {
        return Optional.of(zone);
      }
    }
    return reverseAddress(name)
        .filter(a -> networks.stream().anyMatch(n -> n.contains(a)))
        .map(a -> REVERSE);
  }

  /** Whether a message can carry a name; an alias to another kind of name leads nowhere. */
  private static boolean encodable(String name) {
    return name.length() < 254
        && Arrays.stream(name.split("\\.", -1)).allMatch(l -> !l.isEmpty() && l.length() < 64);
  }

  private DnsRecord authority(String zone) {
    return new DnsRecord(zone, TTL, new Authority(zone, serial, TTL));
  }

  /** A name exists, and so do the names between it and its zone. */
  private void exists(String name) {
    for (String zone : zones) {
      if (name.endsWith("." + zone)) {
        String part = name;
        while (part.length() > zone.length() && existing.add(part)) {
          part = part.substring(part.indexOf('.') + 1);
        }
        return;
      }
    }
  }

  /** An address is called by its own name if it has one (pods), else by its service's. */
  private void reverse(String name, List<Inet4Address> addresses) {
    for (Inet4Address address : addresses) {
      reverse.merge(
          address, List.of(name), (a, b) -> a.getFirst().length() >= name.length() ? a : b);
    }
  }
}
