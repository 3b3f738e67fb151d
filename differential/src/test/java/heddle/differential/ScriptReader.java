package heddle.differential;

import com.fasterxml.jackson.databind.JsonNode;
import heddle.differential.UpstreamScript.Act;
import heddle.differential.UpstreamScript.Answer;
import heddle.differential.UpstreamScript.ConnectionScript;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Reads what upstreams do. */
final class ScriptReader {
  private static final Set<Integer> WITHOUT_BODY = Set.of(204, 304);

  private final String upstream;

  private ScriptReader(String upstream) {
    this.upstream = upstream;
  }

  /** The script of one upstream: an answer, a list of answers, or a mapping with more. */
  static UpstreamScript read(String name, Part parent, JsonNode node) {
    ScriptReader reader = new ScriptReader(name);
    if (node.isTextual() && node.asText().equals("blackhole")) {
      return new UpstreamScript(List.of(), List.of(), true);
    }
    if (node.isObject() && (node.has("answers") || node.has("connections"))) {
      Part part = parent.of(name, node);
      List<ConnectionScript> connections = new ArrayList<>();
      for (JsonNode each : part.list("connections")) {
        connections.add(reader.connection(part, each));
      }
      UpstreamScript script =
          new UpstreamScript(connections, reader.answers(part, part.list("answers")), false);
      part.end();
      return script;
    }
    List<JsonNode> all = new ArrayList<>();
    if (node.isArray()) {
      node.forEach(all::add);
    } else {
      all.add(node);
    }
    return new UpstreamScript(List.of(), reader.answers(parent, all), false);
  }

  private ConnectionScript connection(Part parent, JsonNode node) {
    if (node.isObject()) {
      Part part = parent.of("connections", node);
      List<Act> acts = acts(part, part.list("accept"));
      List<Answer> answers = answers(part, part.list("answers"));
      part.end();
      return new ConnectionScript(acts, answers);
    }
    return node.asText().equals("serve")
        ? new ConnectionScript(List.of(), List.of())
        : new ConnectionScript(List.of(word(parent, node.asText())), List.of());
  }

  private List<Answer> answers(Part parent, List<JsonNode> nodes) {
    List<Answer> all = new ArrayList<>();
    for (int i = 0; i < nodes.size(); i++) {
      all.add(answer(parent, upstream + "[" + i + "]", nodes.get(i)));
    }
    if (all.stream().noneMatch(answer -> answer.path().isEmpty())) {
      all.add(answer(parent, upstream, com.fasterxml.jackson.databind.node.IntNode.valueOf(200)));
    }
    return all;
  }

  private Answer answer(Part parent, String at, JsonNode node) {
    List<Act> acts = new ArrayList<>();
    acts.add(new Act.ReadBody());
    if (node.isInt()) {
      acts.add(new Act.Send(head(node.asInt()) + framed(node.asInt(), upstream)));
      return new Answer(acts, "", 1);
    }
    if (node.isTextual()) {
      acts.add(word(parent, node.asText()));
      return new Answer(acts, "", 1);
    }
    Part part = parent.of(at, node);
    String path = part.text("on", "");
    int times = part.number("times", 1);
    if (part.has("do")) {
      acts = acts(part, part.list("do"));
    } else {
      response(part, acts);
    }
    part.end();
    return new Answer(acts, path, times);
  }

  private void response(Part part, List<Act> acts) {
    if (part.flag("early")) {
      acts.clear();
    }
    if (part.has("hold")) {
      acts.add(new Act.Hold(part.text("hold")));
    }
    if (part.has("pause")) {
      acts.add(new Act.Pause(part.duration("pause")));
    }
    for (JsonNode interim : part.list("interim")) {
      acts.add(new Act.Send(interim.isInt() ? head(interim.asInt()) + "\r\n" : interim.asText()));
    }
    if (part.has("raw")) {
      acts.add(new Act.Send(part.text("raw")));
    } else if (part.has("text")) {
      acts.add(new Act.Send(part.text("text").replace("\n", "\r\n")));
    } else if (part.has("status")) {
      new ResponseWriter(upstream, part, acts).write();
    }
    String then = part.text("then", "keep");
    if (!then.equals("keep")) {
      acts.add(word(part, then));
    }
  }

  private List<Act> acts(Part part, List<JsonNode> nodes) {
    List<Act> acts = new ArrayList<>();
    for (JsonNode node : nodes) {
      if (node.isTextual()) {
        acts.add(word(part, node.asText()));
        continue;
      }
      Part act = part.of("do", node);
      if (act.has("raw")) {
        acts.add(new Act.Send(act.text("raw")));
      } else if (act.has("text")) {
        acts.add(new Act.Send(act.text("text").replace("\n", "\r\n")));
      } else if (act.has("size")) {
        acts.add(new Act.Send("x".repeat(act.number("size", 0))));
      } else if (act.has("hold")) {
        acts.add(new Act.Hold(act.text("hold")));
      } else if (act.has("pause")) {
        acts.add(new Act.Pause(act.duration("pause")));
      }
      act.end();
    }
    return acts;
  }

  private static Act word(Part part, String word) {
    return switch (word) {
      case "close" -> new Act.Close();
      case "reset" -> new Act.Reset();
      case "stall" -> new Act.Stall();
      case "read" -> new Act.ReadBody();
      default ->
          throw part.error(
              word + " is nothing an upstream does (expected: close, reset, stall or read)");
    };
  }

  static String head(int status) {
    return "HTTP/1.1 " + status + " " + Reasons.of(status) + "\r\n";
  }

  private static String framed(int status, String body) {
    return status < 200 || WITHOUT_BODY.contains(status)
        ? "\r\n"
        : "content-length: " + body.length() + "\r\n\r\n" + body;
  }

  static boolean bodyless(int status) {
    return status < 200 || WITHOUT_BODY.contains(status);
  }
}
