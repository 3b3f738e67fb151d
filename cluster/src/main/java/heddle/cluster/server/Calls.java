package heddle.cluster.server;

import heddle.cluster.object.ApiException;
import heddle.cluster.operation.Call;
import heddle.cluster.operation.Call.FieldValidation;
import java.util.List;

/** How a request wants its write done. */
final class Calls {
  private static final int LONGEST_MANAGER = 128;

  private Calls() {}

  static Call of(HttpExchange exchange) {
    return new Call(
        exchange.user(), dryRun(exchange), manager(exchange), validation(exchange), exchange::warn);
  }

  static Call dry(Call call) {
    return new Call(call.user(), true, call.manager(), call.fieldValidation(), call.warnings());
  }

  private static boolean dryRun(Exchange exchange) {
    List<String> values = exchange.query().getOrDefault("dryRun", List.of());
    for (String value : values) {
      if (!value.equals("All")) {
        throw ApiException.badRequest(
            "dryRun: Unsupported value: \"" + value + "\": supported values: \"All\"");
      }
    }
    return !values.isEmpty();
  }

  /** The parameter, or the client's program name. */
  private static String manager(Exchange exchange) {
    String manager =
        exchange
            .parameter("fieldManager")
            .orElseGet(
                () -> {
                  String agent = exchange.header("user-agent").orElse("unknown");
                  int end = agent.indexOf('/');
                  return end < 0 ? agent : agent.substring(0, end);
                });
    if (manager.length() > LONGEST_MANAGER && exchange.parameter("fieldManager").isPresent()) {
      throw ApiException.badRequest(
          "fieldManager: Too long: may not be more than " + LONGEST_MANAGER + " bytes");
    }
    return manager.substring(0, Math.min(manager.length(), LONGEST_MANAGER));
  }

  private static FieldValidation validation(Exchange exchange) {
    String value = exchange.parameter("fieldValidation").orElse("Warn");
    return switch (value) {
      case "Ignore" -> FieldValidation.IGNORE;
      case "Warn", "" -> FieldValidation.WARN;
      case "Strict" -> FieldValidation.STRICT;
      default ->
          throw ApiException.badRequest(
              "fieldValidation: Unsupported value: \""
                  + value
                  + "\": supported values: \"Ignore\", \"Strict\", \"Warn\"");
    };
  }
}
