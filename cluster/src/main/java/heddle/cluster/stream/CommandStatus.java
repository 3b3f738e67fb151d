package heddle.cluster.stream;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import heddle.cluster.object.ApiException;

/** The Status with which an exec or attach ends; clients read the exit code out of it. */
final class CommandStatus {
  private CommandStatus() {}

  static ObjectNode exited(int code) {
    if (code == 0) {
      return status("Success");
    }
    ObjectNode status = status("Failure");
    status.put("reason", "NonZeroExitCode");
    status.put("message", "command terminated with non-zero exit code: exit status " + code);
    status
        .putObject("details")
        .putArray("causes")
        .addObject()
        .put("reason", "ExitCode")
        .put("message", Integer.toString(code));
    return status;
  }

  static ObjectNode failed(Throwable cause) {
    ObjectNode status = status("Failure");
    String text = cause.getMessage() == null ? cause.toString() : cause.getMessage();
    status.put("message", text);
    status.put("reason", cause instanceof ApiException api ? api.reason() : "InternalError");
    status.putObject("details").putArray("causes").addObject().put("message", text);
    status.put("code", cause instanceof ApiException api ? api.code() : 500);
    return status;
  }

  /** What protocols before v4 say on their error channel: nothing, or a sentence. */
  static String text(ObjectNode status) {
    return status.path("status").asText().equals("Success") ? "" : status.path("message").asText();
  }

  private static ObjectNode status(String outcome) {
    ObjectNode status = JsonNodeFactory.instance.objectNode();
    status.putObject("metadata");
    return status.put("status", outcome);
  }
}
