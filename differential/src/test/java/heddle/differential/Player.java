package heddle.differential;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Does the steps of a scenario. */
final class Player {
  private final Leg leg;

  Player(Leg leg) {
    this.leg = leg;
  }

  void play() throws IOException, InterruptedException {
    for (Step step : leg.scenario.steps()) {
      play(step);
    }
    finish(List.of());
  }

  private void play(Step step) throws IOException, InterruptedException {
    switch (step) {
      case Step.Send(List<Step.Request> requests, boolean waits) -> {
        List<String> ids = new ArrayList<>();
        for (Step.Request request : requests) {
          send(request);
          ids.addAll(request.ids());
        }
        if (waits && !ids.isEmpty()) {
          finish(ids);
        }
      }
      case Step.Finish(List<String> ids) -> finish(ids);
      case Step.Bytes(String connection, String bytes) ->
          leg.client(connection, "l").send(latin1(leg.fill(bytes)));
      case Step.Leave(String connection, Step.Leave.How how) -> leave(connection, how);
      case Step.Release(String gate) -> leg.gates.release(gate);
      case Step.Steer(String name, Step.Steer.How how) -> steer(leg.upstream(name), how);
      case Step.Pass(var time) -> Thread.sleep(time);
      case Step.Admin(String page) -> leg.admin().post(page);
      case Step.Apply apply -> leg.apply(apply);
      case Step.Await await -> await(await);
    }
  }

  private void send(Step.Request request) throws IOException {
    ClientConnection client = leg.client(request.connection(), request.listener());
    List<Exchange> exchanges =
        request.ids().stream()
            .map(id -> new Exchange(id, request.connection(), request.method()))
            .toList();
    client.send(latin1(leg.fill(request.bytes())), exchanges);
  }

  private static byte[] latin1(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private void leave(String connection, Step.Leave.How how) throws IOException {
    ClientConnection client = leg.client(connection);
    switch (how) {
      case CLOSE -> client.leave();
      case RESET -> client.reset();
      case SHUT -> client.shut();
    }
  }

  private static void steer(Upstream upstream, Step.Steer.How how) throws IOException {
    switch (how) {
      case STOP -> upstream.stop();
      case START -> upstream.start();
      case CLOSE -> upstream.drop(false);
      case RESET -> upstream.drop(true);
    }
  }

  private void finish(List<String> ids) {
    for (Exchange exchange : leg.exchanges()) {
      if (ids.isEmpty() || ids.contains(exchange.id())) {
        Waiting.until(
            "the response of " + exchange.id(),
            exchange::done,
            () ->
                exchange.status() == 0
                    ? "nothing; " + leg.upstreamsNow()
                    : exchange.status() + " with " + exchange.response().bodySize() + " bytes");
      }
    }
  }

  private void await(Step.Await await) {
    switch (await) {
      case Step.Await.Stat(String name, long least, long most) ->
          Waiting.until(
              name + " of " + least + (most == least ? "" : " to " + most),
              () -> leg.stat(name) >= least && leg.stat(name) <= most,
              () -> now(name));
      case Step.Await.UpstreamHas(String name, String what, int least) -> {
        Upstream upstream = leg.upstream(name);
        Waiting.until(
            "upstream %s with %s %d".formatted(name, what, least),
            () ->
                what.equals("open")
                    ? amount(upstream, what) == least
                    : amount(upstream, what) >= least,
            () -> Integer.toString(amount(upstream, what)));
      }
      case Step.Await.ResponseHas(String id, int bytes) -> {
        Exchange exchange =
            leg.exchanges().stream().filter(e -> e.id().equals(id)).findFirst().orElseThrow();
        Waiting.until(
            "a response " + id + " of " + bytes + " bytes",
            () -> exchange.status() > 0 && exchange.response().bodySize() >= bytes,
            () -> exchange.status() + " with " + exchange.response().bodySize() + " bytes");
      }
      case Step.Await.Closed(String connection) ->
          Waiting.until(
              "the proxy to close " + connection,
              () -> leg.client(connection).end() != Feed.End.OPEN,
              () -> "it is open");
    }
  }

  private String now(String name) {
    try {
      return Long.toString(leg.stat(name));
    } catch (IOException e) {
      return e.toString();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return e.toString();
    }
  }

  private static int amount(Upstream upstream, String what) {
    return switch (what) {
      case "requests" -> upstream.received().size();
      case "checks" -> upstream.checks().size();
      case "connections" -> upstream.connections();
      case "open" -> upstream.openConnections();
      case "bytes" -> upstream.received().stream().mapToInt(r -> r.message().bodySize()).sum();
      default -> throw new IllegalArgumentException(what);
    };
  }
}
