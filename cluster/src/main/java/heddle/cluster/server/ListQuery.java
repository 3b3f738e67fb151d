package heddle.cluster.server;

import heddle.cluster.object.ApiException;
import heddle.cluster.type.Served;
import java.util.List;

/** Which objects a list or watch is about, and from when. */
record ListQuery(Selector selector, String resourceVersion, boolean initialEvents) {

  static ListQuery of(Exchange exchange, Served served, boolean watch) {
    Selector labels = LabelSelector.parse(exchange.parameter("labelSelector").orElse(""));
    Selector fields = FieldSelector.parse(exchange.parameter("fieldSelector").orElse(""), served);
    boolean initial = exchange.parameter("sendInitialEvents").isPresent();
    boolean match = exchange.parameter("resourceVersionMatch").isPresent();
    if (initial && !watch) {
      throw forbidden("sendInitialEvents", "sendInitialEvents is forbidden for list");
    }
    if (watch && match && !initial) {
      throw forbidden(
          "resourceVersionMatch",
          "resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided");
    }
    if (initial && !match) {
      throw forbidden(
          "resourceVersionMatch",
          "sendInitialEvents requires setting resourceVersionMatch to NotOlderThan");
    }
    Selector name =
        exchange.target().name().isEmpty()
            ? Selector.ALL
            : object ->
                object.path("metadata").path("name").asText().equals(exchange.target().name());
    return new ListQuery(
        labels.and(fields).and(name),
        exchange.parameter("resourceVersion").orElse(""),
        exchange.parameter("sendInitialEvents").orElse("false").equals("true"));
  }

  private static ApiException forbidden(String field, String message) {
    return new ApiException(
        422,
        "Invalid",
        "ListOptions.meta.k8s.io \"\" is invalid: " + field + ": Forbidden: " + message,
        List.of(new ApiException.Cause("FieldValueForbidden", field, "Forbidden: " + message)));
  }

  /** The revision asked for; 0 when any will do. */
  long revision() {
    if (resourceVersion.isEmpty()) {
      return 0;
    }
    try {
      return Long.parseUnsignedLong(resourceVersion);
    } catch (NumberFormatException e) {
      throw ApiException.badRequest(
          "resourceVersion: Invalid value: \"" + resourceVersion + "\": must be a number");
    }
  }

  void requireReached(long current) {
    if (Long.compareUnsigned(revision(), current) > 0) {
      throw new ApiException(
          504,
          "Timeout",
          "Too large resource version: %s, current: %d".formatted(resourceVersion, current),
          List.of(
              new ApiException.Cause("ResourceVersionTooLarge", "", "Too large resource version")));
    }
  }
}
