package heddle.xds.route;

import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A compiled route configuration. Immutable; selection allocates nothing for exact domains and
 * prefix routes.
 *
 * <p>Semantics: Envoy's {@code RouteConfiguration}: exact domain, then the longest suffix wildcard,
 * then the longest prefix wildcard, then {@code *}; inside a virtual host the first route wins.
 */
public final class RouteTable {
  private static final Selection NO_VIRTUAL_HOST = new Selection.NoVirtualHost();

  private final String name;
  private final List<HostRoutes> hosts;
  private final HeaderEdits edits;
  private final boolean mostSpecificWins;
  private final boolean ignorePort;
  private final Map<String, HostRoutes> exact = new HashMap<>();
  private final TreeMap<Integer, Map<String, HostRoutes>> suffixes =
      new TreeMap<>(java.util.Comparator.reverseOrder());
  private final TreeMap<Integer, Map<String, HostRoutes>> prefixes =
      new TreeMap<>(java.util.Comparator.reverseOrder());
  private @Nullable HostRoutes any;

  RouteTable(
      String name,
      List<HostRoutes> hosts,
      HeaderEdits edits,
      boolean mostSpecificWins,
      boolean ignorePort) {
    this.name = name;
    this.hosts = List.copyOf(hosts);
    this.edits = edits;
    this.mostSpecificWins = mostSpecificWins;
    this.ignorePort = ignorePort;
    for (var host : hosts) {
      host.domains().forEach(domain -> claim(domain, host));
    }
  }

  /**
   * Compiles an Envoy route configuration.
   *
   * @throws RouteConfigException naming everything that is wrong or not supported
   */
  public static RouteTable compile(RouteConfiguration configuration) {
    return new RouteCompiler().compile(configuration);
  }

  private void claim(String domain, HostRoutes host) {
    HostRoutes before;
    if (domain.equals("*")) {
      before = any;
      any = host;
    } else if (domain.startsWith("*")) {
      String suffix = domain.substring(1);
      before = suffixes.computeIfAbsent(suffix.length(), n -> new HashMap<>()).put(suffix, host);
    } else if (domain.endsWith("*")) {
      String prefix = domain.substring(0, domain.length() - 1);
      before = prefixes.computeIfAbsent(prefix.length(), n -> new HashMap<>()).put(prefix, host);
    } else {
      before = exact.put(domain, host);
    }
    if (before != null) {
      throw new RouteConfigException(
          List.of(
              "%s: domain %s is claimed by virtual hosts %s and %s (expected: one)"
                  .formatted(name, domain, before.name(), host.name())));
    }
  }

  /** The route configuration's name. */
  public String name() {
    return name;
  }

  /** The virtual hosts in configuration order. */
  public List<HostRoutes> hosts() {
    return hosts;
  }

  /** Header changes of the route configuration level. */
  public HeaderEdits edits() {
    return edits;
  }

  /** Whether the most specific level's header changes are applied last. */
  public boolean mostSpecificWins() {
    return mostSpecificWins;
  }

  /**
   * Chooses virtual host and route.
   *
   * @param random the request's one random number; it drives fractions and weighted clusters alike
   */
  public Selection select(RequestView request, long random) {
    HostRoutes host = host(request.authority());
    if (host == null) {
      return NO_VIRTUAL_HOST;
    }
    String full = request.path();
    int query = full.indexOf('?');
    int end = query < 0 ? full.length() : query;
    int fragment = full.indexOf('#');
    if (fragment >= 0 && fragment < end) {
      end = fragment;
      query = -1;
    }
    String path = end == full.length() ? full : full.substring(0, end);
    var routes = host.routes();
    for (int i = 0; i < routes.size(); i++) {
      var route = routes.get(i);
      if (route.matches(request, path, query, random)) {
        return new Selection.Selected(host, route);
      }
    }
    return new Selection.NoRoute(host);
  }

  /** The virtual host that claims an authority, or null. */
  public @Nullable HostRoutes host(String authority) {
    String name = authority.toLowerCase(Locale.ROOT);
    if (ignorePort) {
      int colon = name.lastIndexOf(':');
      if (colon > name.lastIndexOf(']')) {
        name = name.substring(0, colon);
      }
    }
    HostRoutes found = exact.get(name);
    if (found != null) {
      return found;
    }
    for (var entry : suffixes.entrySet()) {
      int length = entry.getKey();
      if (length < name.length()) {
        found = entry.getValue().get(name.substring(name.length() - length));
        if (found != null) {
          return found;
        }
      }
    }
    for (var entry : prefixes.entrySet()) {
      int length = entry.getKey();
      if (length < name.length()) {
        found = entry.getValue().get(name.substring(0, length));
        if (found != null) {
          return found;
        }
      }
    }
    return any;
  }
}
