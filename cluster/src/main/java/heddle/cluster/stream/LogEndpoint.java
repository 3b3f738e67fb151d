package heddle.cluster.stream;

import heddle.cluster.node.PodAccess;
import heddle.cluster.node.PodAccess.LogOptions;
import heddle.cluster.object.ApiException;
import heddle.cluster.server.Exchange;
import heddle.cluster.server.Subresource;
import heddle.cluster.server.Target;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** {@code pods/NAME/log}: chunked text that leaves as it is written. */
final class LogEndpoint implements Subresource {
  private final PodAccess pods;
  private final PodContainers containers;
  private final InstantSource clock;

  LogEndpoint(PodAccess pods, PodContainers containers, InstantSource clock) {
    this.pods = pods;
    this.containers = containers;
    this.clock = clock;
  }

  @Override
  public boolean handles(Target target) {
    return target.group().isEmpty()
        && target.resource().equals("pods")
        && target.subresource().equals("log");
  }

  @Override
  public void handle(Exchange exchange) throws IOException {
    Target target = exchange.target();
    String container =
        containers.container(
            target.namespace(), target.name(), exchange.parameter("container").orElse(""));
    LogOptions options = options(exchange);
    try (InputStream log = pods.logs(target.namespace(), target.name(), container, options);
        OutputStream out =
            exchange.stream(200, Map.of("Content-Type", List.of("text/plain; charset=utf-8")))) {
      out.flush();
      RemoteCommand.copy(log, out);
    }
  }

  private LogOptions options(Exchange exchange) {
    Long tail = number(exchange, "tailLines");
    return new LogOptions(
        flag(exchange, "follow"),
        flag(exchange, "previous"),
        flag(exchange, "timestamps"),
        tail == null ? null : (int) Math.min(Integer.MAX_VALUE, tail),
        since(exchange),
        number(exchange, "limitBytes"));
  }

  private @Nullable Instant since(Exchange exchange) {
    Long seconds = number(exchange, "sinceSeconds");
    Optional<String> time = exchange.parameter("sinceTime");
    if (seconds != null && time.isPresent()) {
      throw ApiException.badRequest("at most one of sinceTime or sinceSeconds may be specified");
    }
    if (seconds != null) {
      return clock.instant().minusSeconds(seconds);
    }
    if (time.isEmpty()) {
      return null;
    }
    try {
      return OffsetDateTime.parse(time.get()).toInstant();
    } catch (DateTimeParseException e) {
      throw ApiException.badRequest(
          "sinceTime \"" + time.get() + "\" (expected: RFC 3339, such as 2026-01-02T03:04:05Z)");
    }
  }

  private static boolean flag(Exchange exchange, String name) {
    String value = exchange.parameter(name).orElse("");
    return value.equals("true") || value.equals("1");
  }

  private static @Nullable Long number(Exchange exchange, String name) {
    Optional<String> value = exchange.parameter(name);
    if (value.isEmpty()) {
      return null;
    }
    try {
      long number = Long.parseLong(value.get());
      if (number >= 0) {
        return number;
      }
    } catch (NumberFormatException e) {
      throw ApiException.badRequest(name + " \"" + value.get() + "\" is not a number");
    }
    throw ApiException.badRequest(name + " " + value.get() + " must not be negative");
  }
}
