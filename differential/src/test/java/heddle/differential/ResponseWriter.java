package heddle.differential;

import com.fasterxml.jackson.databind.JsonNode;
import heddle.differential.UpstreamScript.Act;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Writes a described response as the bytes that an upstream sends. */
final class ResponseWriter {
  private final String upstream;
  private final Part part;
  private final List<Act> acts;

  ResponseWriter(String upstream, Part part, List<Act> acts) {
    this.upstream = upstream;
    this.part = part;
    this.acts = acts;
  }

  void write() {
    int status = part.number("status", 200);
    boolean chunked = part.has("chunked");
    List<String> pieces =
        chunked
            ? part.texts("chunked")
            : part.has("pieces")
                ? part.texts("pieces")
                : ScriptReader.bodyless(status) && !part.has("body")
                    ? List.of()
                    : List.of(body(part, upstream));
    String framing = part.text("framing", chunked ? "chunked" : "length");
    int length = pieces.stream().mapToInt(String::length).sum();
    StringBuilder head = new StringBuilder(ScriptReader.head(status));
    appendHeaders(head, part);
    switch (framing) {
      case "chunked" -> head.append("transfer-encoding: chunked\r\n");
      case "length" -> {
        if (!ScriptReader.bodyless(status) || part.has("length")) {
          head.append("content-length: ").append(part.number("length", length)).append("\r\n");
        }
      }
      case "close", "none" -> {}
      default ->
          throw part.error("framing " + framing + " (expected: length, chunked, close or none)");
    }
    acts.add(new Act.Send(head.append("\r\n").toString()));
    writeBody(pieces, framing.equals("chunked"));
    if (framing.equals("close") && !part.has("then")) {
      acts.add(new Act.Close());
    }
  }

  private void writeBody(List<String> pieces, boolean chunked) {
    Duration drip = part.duration("drip");
    if (part.has("hold_body")) {
      acts.add(new Act.Hold(part.text("hold_body")));
    }
    if (part.has("pause_body")) {
      acts.add(new Act.Pause(part.duration("pause_body")));
    }
    List<String> sent = new ArrayList<>();
    for (String piece : pieces) {
      sent.add(chunked ? Integer.toHexString(piece.length()) + "\r\n" + piece + "\r\n" : piece);
    }
    boolean unfinished = part.flag("unfinished");
    if (chunked && !unfinished) {
      StringBuilder last = new StringBuilder("0\r\n");
      if (part.has("trailers")) {
        lines(last, part.part("trailers").entries());
      }
      sent.add(last.append("\r\n").toString());
    }
    if (drip.isZero()) {
      acts.add(new Act.Send(String.join("", sent)));
      return;
    }
    for (String piece : sent) {
      acts.add(new Act.Send(piece));
      acts.add(new Act.Pause(drip));
    }
  }

  /** The body that keys {@code body} or {@code size} describe. */
  static String body(Part part, String otherwise) {
    return part.has("size") ? "x".repeat(part.number("size", 0)) : part.text("body", otherwise);
  }

  static void appendHeaders(StringBuilder head, Part part) {
    if (part.has("headers")) {
      lines(head, part.part("headers").entries());
    }
  }

  private static void lines(StringBuilder head, Map<String, JsonNode> headers) {
    headers.forEach(
        (name, value) -> {
          if (value.isArray()) {
            value.forEach(one -> line(head, name, one));
          } else {
            line(head, name, value);
          }
        });
  }

  private static void line(StringBuilder head, String name, JsonNode value) {
    head.append(name).append(": ").append(value.asText()).append("\r\n");
  }

  static boolean names(Map<String, JsonNode> headers, String name) {
    return headers.keySet().stream().anyMatch(n -> n.toLowerCase(Locale.ROOT).equals(name));
  }
}
