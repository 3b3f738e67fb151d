package heddle.differential;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Reads the steps; counts the requests, so that the n-th response is called {@code rn}. */
final class StepReader {
  private static final List<String> METHODS =
      List.of("get", "head", "post", "put", "delete", "options", "patch");

  private int requests;

  List<Step> read(Part scenario) {
    List<Step> steps = new ArrayList<>();
    List<JsonNode> nodes = scenario.list("steps");
    for (int i = 0; i < nodes.size(); i++) {
      Part part = scenario.of("steps[" + i + "]", nodes.get(i));
      step(part, steps);
      part.end();
    }
    return steps;
  }

  private void step(Part part, List<Step> steps) {
    if (part.has("request")) {
      for (Step.Request request : requests(part.part("request"))) {
        steps.add(new Step.Send(List.of(request), true));
      }
    } else if (part.has("start")) {
      steps.add(new Step.Send(requests(part.part("start")), false));
    } else if (part.has("together")) {
      List<Step.Request> all = new ArrayList<>();
      for (JsonNode each : part.list("together")) {
        all.addAll(requests(part.of("together", each)));
      }
      steps.add(new Step.Send(all, true));
    } else if (part.has("finish")) {
      List<String> ids = part.texts("finish");
      steps.add(new Step.Finish(ids.equals(List.of("all")) ? List.of() : ids));
    } else if (part.has("send")) {
      Part send = part.part("send");
      String connection = send.text("on");
      steps.add(new Step.Bytes(connection, bytes(send)));
      send.end();
    } else if (part.has("await")) {
      Part await = part.part("await");
      steps.add(await(await));
      await.end();
    } else if (part.has("apply")) {
      steps.add(apply(part.part("apply")));
    } else if (part.has("release")) {
      part.texts("release").forEach(gate -> steps.add(new Step.Release(gate)));
    } else if (part.has("close")) {
      steps.add(new Step.Leave(part.text("close"), Step.Leave.How.CLOSE));
    } else if (part.has("reset")) {
      steps.add(new Step.Leave(part.text("reset"), Step.Leave.How.RESET));
    } else if (part.has("shut")) {
      steps.add(new Step.Leave(part.text("shut"), Step.Leave.How.SHUT));
    } else if (part.has("upstream")) {
      Part upstream = part.part("upstream");
      upstream
          .entries()
          .forEach((name, how) -> steps.add(new Step.Steer(name, steering(upstream, how))));
    } else if (part.has("pass")) {
      steps.add(new Step.Pass(part.duration("pass")));
    } else if (part.has("admin")) {
      steps.add(new Step.Admin(part.text("admin")));
    } else {
      shorthand(part, steps);
    }
  }

  private void shorthand(Part part, List<Step> steps) {
    for (String method : METHODS) {
      if (part.has(method)) {
        steps.add(new Step.Send(requests(part), true));
        return;
      }
    }
    part.end();
    throw part.error("has no step");
  }

  private static Step.Steer.How steering(Part part, JsonNode how) {
    try {
      return Step.Steer.How.valueOf(how.asText().toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw part.error(how + " (expected: stop, start, close or reset)");
    }
  }

  /** A description of a request; several when it says {@code times}. */
  private List<Step.Request> requests(Part part) {
    int times = part.number("times", 1);
    int answers = part.number("answers", 1);
    String listener = part.text("listener", "l");
    String given = part.text("id", "");
    String method = method(part);
    String bytes = part.has("raw") || part.has("text") ? bytes(part) : structured(part, method);
    List<Step.Request> all = new ArrayList<>();
    for (int i = 0; i < times; i++) {
      List<String> ids = new ArrayList<>();
      for (int n = 0; n < answers; n++) {
        requests++;
        ids.add(given.isEmpty() || n > 0 || times > 1 ? "r" + requests : given);
      }
      String own = ids.isEmpty() ? "c" + requests : ids.getFirst();
      all.add(new Step.Request(ids, part.text("on", own), listener, method, bytes));
    }
    part.end();
    return all;
  }

  private static String method(Part part) {
    for (String method : METHODS) {
      if (part.has(method)) {
        return method.toUpperCase(Locale.ROOT);
      }
    }
    return part.text("method", "GET");
  }

  /** Exact bytes: {@code raw} as it stands, {@code text} with CRLF for each line end. */
  private static String bytes(Part part) {
    String end = part.has("size") ? "x".repeat(part.number("size", 0)) : "";
    if (part.has("raw")) {
      return part.text("raw") + end;
    }
    return part.text("text", "").replace("\n", "\r\n") + end;
  }

  private static String structured(Part part, String method) {
    String path = part.text(method.toLowerCase(Locale.ROOT), part.text("path", "/"));
    StringBuilder head = new StringBuilder();
    head.append(method).append(' ').append(path).append(" HTTP/1.1\r\n");
    Map<String, JsonNode> headers = part.has("headers") ? part.part("headers").entries() : Map.of();
    if (!ResponseWriter.names(headers, "host")) {
      head.append("host: ").append(part.text("host", "test")).append("\r\n");
    }
    ResponseWriter.appendHeaders(head, part);
    if (part.has("chunked")) {
      return head + "transfer-encoding: chunked\r\n\r\n" + chunks(part);
    }
    if (part.has("body") || part.has("size")) {
      String body = ResponseWriter.body(part, "");
      int length = part.number("length", body.length());
      return head + "content-length: " + length + "\r\n\r\n" + body;
    }
    return head + "\r\n";
  }

  private static String chunks(Part part) {
    StringBuilder all = new StringBuilder();
    for (String piece : part.texts("chunked")) {
      all.append(Integer.toHexString(piece.length())).append("\r\n").append(piece).append("\r\n");
    }
    if (part.flag("unfinished")) {
      return all.toString();
    }
    all.append("0\r\n");
    if (part.has("trailers")) {
      part.part("trailers")
          .entries()
          .forEach((name, value) -> all.append(name + ": " + value.asText() + "\r\n"));
    }
    return all.append("\r\n").toString();
  }

  private static Step apply(Part part) {
    String expected = part.text("expect", "ack");
    boolean waits = !part.has("wait") || part.flag("wait");
    ObjectNode change = com.fasterxml.jackson.databind.node.JsonNodeFactory.instance.objectNode();
    part.entries()
        .forEach(
            (key, value) -> {
              if (!key.equals("expect") && !key.equals("wait")) {
                change.set(key, value);
              }
            });
    XdsDraft.check(part.where(), change);
    if (!expected.equals("ack") && !expected.equals("nack")) {
      throw part.error("expect is " + expected + " (expected: ack or nack)");
    }
    return new Step.Apply(change, expected.equals("nack"), waits);
  }

  private static Step.Await await(Part part) {
    if (part.has("stat")) {
      String name = Counters.fullName(part.text("stat"));
      if (part.has("equals")) {
        int value = part.number("equals", 0);
        return new Step.Await.Stat(name, value, value);
      }
      return new Step.Await.Stat(
          name,
          part.number("at_least", Integer.MIN_VALUE),
          part.number("at_most", Integer.MAX_VALUE));
    }
    if (part.has("upstream")) {
      String upstream = part.text("upstream");
      for (String what : List.of("requests", "checks", "connections", "bytes", "open")) {
        if (part.has(what)) {
          return new Step.Await.UpstreamHas(upstream, what, part.number(what, 0));
        }
      }
    }
    if (part.has("response")) {
      return new Step.Await.ResponseHas(part.text("response"), part.number("bytes", 0));
    }
    if (part.has("closed")) {
      return new Step.Await.Closed(part.text("closed"));
    }
    throw part.error("waits for nothing (expected: stat, upstream, response or closed)");
  }
}
