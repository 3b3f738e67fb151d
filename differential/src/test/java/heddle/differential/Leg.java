package heddle.differential;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * One scenario on one data plane: upstreams, control plane, proxy and client of its own, on ports
 * of their own.
 */
final class Leg implements AutoCloseable {
  /** Starts the data plane that a leg is about. */
  interface Starter {
    DataPlane start(ControlPlane control) throws IOException;
  }

  final Scenario scenario;
  final Gates gates = new Gates();
  final Map<String, Upstream> upstreams = new LinkedHashMap<>();
  final Map<String, ClientConnection> clients = new LinkedHashMap<>();
  final Mask mask = new Mask();
  final ControlPlane control;
  final DataPlane plane;
  private final ServerSocket refusing;
  private XdsDraft draft;
  private @Nullable Admin admin;
  private Map<String, InetSocketAddress> listeners = new HashMap<>();
  private Map<String, Long> before = Map.of();

  private Leg(Scenario scenario, Starter starter) throws IOException {
    this.scenario = scenario;
    AtomicInteger numbers = new AtomicInteger();
    for (var each : scenario.upstreams().entrySet()) {
      Upstream upstream = new Upstream(each.getKey(), each.getValue(), gates, numbers);
      upstreams.put(each.getKey(), upstream);
      mask.name(upstream.port(), each.getKey());
    }
    refusing = new ServerSocket(0, 1, java.net.InetAddress.getLoopbackAddress());
    mask.name(refusing.getLocalPort(), "refused");
    draft = XdsDraft.of(scenario.name(), scenario.config(), scenario.mesh());
    control = new ControlPlane();
    control.publish(draft.build(this::fill));
    plane = starter.start(control);
  }

  /** Plays a scenario and says what was seen. */
  static Observation run(Scenario scenario, Starter starter)
      throws IOException, InterruptedException {
    Leg leg = new Leg(scenario, starter);
    try (leg) {
      leg.refusing.close();
      leg.begin();
      new Player(leg).play();
      return new Observer(leg).observe();
    } catch (ScenarioException | IOException e) {
      String words = leg.plane.words();
      throw new ScenarioException(
          e.getMessage()
              + (leg.control.nacks().isEmpty() ? "" : "\nrefused: " + leg.control.nacks())
              + (words.isEmpty() ? "" : "\nit said:\n" + words),
          e);
    }
  }

  private void begin() throws IOException, InterruptedException {
    plane.awaitReady();
    admin = new Admin(plane.admin());
    awaitInForce();
    before = stats();
  }

  /** Fills in {@code ${a}} (host and port of an upstream) and {@code ${a.port}}. */
  String fill(String text) {
    if (!text.contains("${")) {
      return text;
    }
    String filled = text.replace("${refused.port}", Integer.toString(refusing.getLocalPort()));
    for (Upstream upstream : upstreams.values()) {
      String port = Integer.toString(upstream.port());
      filled =
          filled
              .replace("${" + upstream.name() + ".port}", port)
              .replace("${" + upstream.name() + "}", "127.0.0.1:" + port);
    }
    if (filled.contains("${")) {
      throw new ScenarioException(
          scenario.name()
              + ": nothing is named in "
              + filled.substring(filled.indexOf("${"), filled.indexOf("}") + 1)
              + " (expected: refused, "
              + String.join(", ", upstreams.keySet())
              + ")");
    }
    return filled;
  }

  void apply(Step.Apply change) throws IOException, InterruptedException {
    draft = draft.with(change.change());
    int refusals = control.nacks().size();
    var types = control.publish(draft.build(this::fill));
    if (change.refused()) {
      Waiting.until(
          "a refusal", () -> control.nacks().size() > refusals, () -> "nothing was refused");
      return;
    }
    var settled = control.settled(types);
    if (change.waits()) {
      Waiting.until(
          "acknowledgements of " + types,
          () -> {
            if (control.nacks().size() > refusals) {
              throw new ScenarioException("refused: " + control.nacks());
            }
            return settled.isDone();
          },
          () -> "no answer");
      awaitInForce();
    }
  }

  /** Waits until listeners listen, clusters are warm and hosts are known. */
  private void awaitInForce() throws IOException, InterruptedException {
    var wanted = draft.expectations(this::fill);
    Waiting.until(
        "the configuration to be in force",
        () -> {
          listeners = admin().listeners();
          Map<String, Long> now = admin().stats();
          return listeners.keySet().equals(wanted.listeners())
              && now.getOrDefault("cluster_manager.warming_clusters", 0L) == 0
              && now.getOrDefault("listener_manager.total_listeners_warming", 0L) == 0
              && wanted.members().entrySet().stream()
                  .allMatch(e -> now.getOrDefault(e.getKey(), 0L).equals(e.getValue()));
        },
        () -> "listeners " + listeners + ", wanted " + wanted);
    listeners.forEach((name, address) -> mask.name(address.getPort(), name));
  }

  Admin admin() {
    if (admin == null) {
      throw new IllegalStateException("not begun");
    }
    return admin;
  }

  /** Statistics now, with listeners by name. */
  Map<String, Long> stats() throws IOException, InterruptedException {
    Map<String, Long> named = new java.util.TreeMap<>();
    admin().stats().forEach((name, value) -> named.put(mask.stat(name), value));
    return named;
  }

  /** A counter since the start of the steps, or a gauge as it is. */
  long stat(String name) throws IOException, InterruptedException {
    long now = stats().getOrDefault(name, 0L);
    return Counters.gauge(name) ? now : now - before.getOrDefault(name, 0L);
  }

  Map<String, Long> before() {
    return before;
  }

  ClientConnection client(String name, String listener) throws IOException {
    ClientConnection known = clients.get(name);
    if (known != null) {
      return known;
    }
    InetSocketAddress address =
        listeners.size() == 1 ? listeners.values().iterator().next() : listeners.get(listener);
    if (address == null) {
      throw new ScenarioException(
          scenario.name() + ": no listener " + listener + " (there are: " + listeners + ")");
    }
    ClientConnection opened = new ClientConnection(name, address);
    clients.put(name, opened);
    mask.name(opened.localPort(), "client");
    return opened;
  }

  ClientConnection client(String name) {
    ClientConnection known = clients.get(name);
    if (known == null) {
      throw new ScenarioException(
          scenario.name() + ": no connection " + name + " (there are: " + clients.keySet() + ")");
    }
    return known;
  }

  Upstream upstream(String name) {
    Upstream known = upstreams.get(name);
    if (known == null) {
      throw new ScenarioException(
          scenario.name() + ": no upstream " + name + " (there are: " + upstreams.keySet() + ")");
    }
    return known;
  }

  /** What the upstreams have seen, for a person to read. */
  String upstreamsNow() {
    StringBuilder text = new StringBuilder();
    upstreams.forEach(
        (name, upstream) ->
            text.append(
                "%s has seen %d connections and %d requests "
                    .formatted(name, upstream.connections(), upstream.received().size())));
    return text.toString();
  }

  /** In the order in which they were sent. */
  List<Exchange> exchanges() {
    List<Exchange> all = new ArrayList<>();
    clients.values().forEach(client -> all.addAll(client.exchanges()));
    all.sort(Comparator.comparingLong(Exchange::sentAt));
    return all;
  }

  @Override
  public void close() throws IOException {
    for (ClientConnection client : clients.values()) {
      client.close();
    }
    plane.close();
    if (admin != null) {
      admin.close();
    }
    control.close();
    for (Upstream upstream : upstreams.values()) {
      upstream.close();
    }
    refusing.close();
  }
}
