package heddle.differential;

import heddle.differential.Observation.ClientView;
import heddle.differential.Observation.RequestView;
import heddle.differential.Observation.Response;
import heddle.differential.Observation.UpstreamView;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Looks at everything once all is quiet: counters are never read at a fixed time. */
final class Observer {
  private static final Response NOT_YET =
      new Response(
          0, "", List.of(), List.of(), "", "", List.of(), false, "", 0, new LogLine("", Map.of()));

  private final Leg leg;

  Observer(Leg leg) {
    this.leg = leg;
  }

  Observation observe() throws IOException, InterruptedException {
    quiet();
    Map<String, String> ends = ends();
    for (ClientConnection client : leg.clients.values()) {
      client.close();
    }
    Waiting.until(
        "the proxy to see the client's connections end",
        () -> sum("downstream_cx_active") == 0,
        () -> "some are open");
    Map<String, Long> after = quiet();
    checkScripts();
    nameAlike();
    awaitLog(after);
    Map<String, List<LogLine>> logs = logs();
    Map<String, Response> responses = responses(ends, logs);
    List<String> orphans =
        logs.values().stream()
            .flatMap(List::stream)
            .map(line -> leg.mask.text(line.toString()))
            .sorted()
            .toList();
    return new Observation(
        responses, attempts(), upstreams(), clients(ends), orphans, stats(after));
  }

  private long sum(String gauge) throws IOException, InterruptedException {
    return leg.stats().entrySet().stream()
        .filter(stat -> Counters.compared(stat.getKey()) && stat.getKey().endsWith("." + gauge))
        .mapToLong(Map.Entry::getValue)
        .sum();
  }

  /** Waits until no request is active and two looks in a row see the same. */
  private Map<String, Long> quiet() {
    List<Map<String, Long>> looks = new ArrayList<>(List.of(Map.of("", -1L)));
    Waiting.until(
        "quiet",
        () -> {
          Map<String, Long> now = new TreeMap<>(leg.stats());
          now.keySet().removeIf(name -> !Counters.compared(name));
          boolean busy =
              now.entrySet().stream()
                  .anyMatch(
                      stat ->
                          stat.getValue() != 0
                              && stat.getKey().matches(".*(_rq_active|_rq_pending_active)"));
          boolean same = !busy && now.equals(looks.getLast());
          looks.add(now);
          if (!same) {
            Thread.sleep(25);
          }
          return same;
        },
        () -> "active: " + active(looks.getLast()));
    return looks.getLast();
  }

  private static Map<String, Long> active(Map<String, Long> stats) {
    Map<String, Long> active = new TreeMap<>(stats);
    active.entrySet().removeIf(e -> e.getValue() == 0 || !e.getKey().endsWith("_active"));
    return active;
  }

  private Map<String, String> ends() {
    Map<String, String> ends = new HashMap<>();
    for (ClientConnection client : leg.clients.values()) {
      List<Exchange> exchanges = client.exchanges();
      boolean announced =
          !exchanges.isEmpty()
              && exchanges.getLast().response().header("connection", "").equals("close");
      if (announced && !client.left()) {
        Waiting.until(
            "the end of " + client.name() + ", which was announced",
            () -> client.end() != Feed.End.OPEN,
            () -> "it is open");
      }
      ends.put(
          client.name(),
          client.left() ? "left" : client.end() == Feed.End.OPEN ? "kept" : "closed");
    }
    return ends;
  }

  /** The log is written behind; there is one line for each request. */
  private void awaitLog(Map<String, Long> after) {
    long wanted =
        Counters.deltas(leg.before(), after).entrySet().stream()
            .filter(stat -> stat.getKey().matches("http\\..*\\.downstream_rq_total"))
            .mapToLong(Map.Entry::getValue)
            .sum();
    Waiting.until(
        "an access log line for each request",
        () -> leg.plane.log().size() >= wanted,
        () -> leg.plane.log().size() + " of " + wanted);
  }

  private void checkScripts() {
    for (Upstream upstream : leg.upstreams.values()) {
      if (!upstream.troubles().isEmpty()) {
        throw new ScenarioException("upstream " + upstream.troubles());
      }
    }
  }

  /** Upstreams that are alike get the names of their group in the order of their first use. */
  private void nameAlike() {
    List<String> names = new ArrayList<>(leg.scenario.alike());
    Set<String> used = new HashSet<>();
    List<String> inOrder = new ArrayList<>();
    for (Received request : received()) {
      if (names.contains(request.upstream()) && used.add(request.upstream())) {
        inOrder.add(request.upstream());
      }
    }
    names.stream().filter(name -> !used.contains(name)).forEach(inOrder::add);
    for (int i = 0; i < names.size(); i++) {
      aliases.put(inOrder.get(i), names.get(i));
      leg.mask.name(leg.upstream(inOrder.get(i)).port(), names.get(i));
    }
  }

  private final Map<String, String> aliases = new HashMap<>();

  private String alias(String upstream) {
    return aliases.getOrDefault(upstream, upstream);
  }

  private Map<String, List<LogLine>> logs() {
    Map<String, List<LogLine>> byClient = new HashMap<>();
    for (LogLine line : leg.plane.log()) {
      byClient.computeIfAbsent(line.client(), c -> new ArrayList<>()).add(line);
    }
    return byClient;
  }

  private Map<String, Response> responses(
      Map<String, String> ends, Map<String, List<LogLine>> logs) {
    Map<String, Response> responses = new LinkedHashMap<>();
    leg.exchanges().forEach(exchange -> responses.put(exchange.id(), NOT_YET));
    for (ClientConnection client : leg.clients.values()) {
      List<LogLine> lines = logs.getOrDefault("127.0.0.1:" + client.localPort(), new ArrayList<>());
      for (Exchange exchange : client.exchanges()) {
        LogLine line = lines.isEmpty() ? new LogLine("", Map.of()) : masked(lines.removeFirst());
        responses.put(exchange.id(), response(exchange, ends.get(client.name()), line));
      }
    }
    return responses;
  }

  private LogLine masked(LogLine line) {
    Map<String, String> fields = new LinkedHashMap<>();
    line.fields().forEach((key, value) -> fields.put(key, leg.mask.text(value)));
    return new LogLine(line.client(), fields);
  }

  private Response response(Exchange exchange, String end, LogLine line) {
    Message message = exchange.response();
    String start = message.startLine();
    int reason = start.indexOf(' ', start.indexOf(' ') + 1);
    return new Response(
        exchange.status(),
        reason < 0 ? "" : start.substring(reason + 1),
        exchange.interim(),
        leg.mask.headers(message.headers(), true),
        message.framing().word,
        leg.mask.text(message.body()),
        message.trailers(),
        message.complete(),
        end,
        exchange.millis(),
        line);
  }

  private List<Received> received() {
    return leg.upstreams.values().stream()
        .flatMap(upstream -> upstream.received().stream())
        .sorted(Comparator.comparingInt(Received::number))
        .toList();
  }

  private List<String> attempts() {
    return received().stream().map(request -> alias(request.upstream())).toList();
  }

  private Map<String, UpstreamView> upstreams() {
    Set<String> seen = new HashSet<>();
    Map<String, List<RequestView>> requests = new TreeMap<>();
    Map<String, Integer> connections = new TreeMap<>();
    leg.upstreams.forEach(
        (name, upstream) -> {
          requests.put(alias(name), new ArrayList<>());
          connections.put(alias(name), upstream.connections());
        });
    for (Received request : received()) {
      Message message = request.message();
      boolean first = seen.add(message.header("x-request-id", "-" + request.number()));
      requests
          .get(alias(request.upstream()))
          .add(
              new RequestView(
                  request.connection(),
                  leg.mask.text(message.startLine()),
                  leg.mask.headers(message.headers(), first),
                  message.requestFraming().word,
                  message.body(),
                  message.trailers(),
                  message.complete()));
    }
    Map<String, UpstreamView> views = new TreeMap<>();
    Map<String, List<RequestView>> checks = checks();
    requests.forEach(
        (name, all) ->
            views.put(name, new UpstreamView(connections.get(name), all, checks.get(name))));
    return views;
  }

  private Map<String, List<RequestView>> checks() {
    Map<String, List<RequestView>> checks = new TreeMap<>();
    leg.upstreams.forEach(
        (name, upstream) ->
            checks.put(
                alias(name),
                upstream.checks().stream()
                    .map(
                        message ->
                            new RequestView(
                                0,
                                leg.mask.text(message.startLine()),
                                leg.mask.headers(message.headers(), false),
                                message.requestFraming().word,
                                "",
                                List.of(),
                                true))
                    .distinct()
                    .toList()));
    return checks;
  }

  private Map<String, ClientView> clients(Map<String, String> ends) {
    Map<String, ClientView> views = new LinkedHashMap<>();
    leg.clients.forEach(
        (name, client) -> views.put(name, new ClientView(ends.get(name), client.surplus())));
    return views;
  }

  private Map<String, Long> stats(Map<String, Long> after) {
    Map<String, Long> changed = Counters.deltas(leg.before(), after);
    changed.keySet().removeIf(name -> !Counters.compared(name));
    return changed;
  }
}
