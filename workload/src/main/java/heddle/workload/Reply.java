package heddle.workload;

import java.nio.charset.StandardCharsets;
import java.util.Map;

/** What an application answers: a status, headers of its own, and a body of plain text. */
record Reply(int status, Map<String, String> headers, String body) {

  static Reply of(int status, String body) {
    return new Reply(status, Map.of(), body);
  }

  static Reply ok(String body) {
    return of(200, body);
  }

  Reply with(String name, String value) {
    return new Reply(status, Map.of(name, value), body);
  }

  byte[] bytes() {
    return body.getBytes(StandardCharsets.UTF_8);
  }
}
