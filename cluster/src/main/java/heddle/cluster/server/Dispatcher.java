package heddle.cluster.server;

import heddle.cluster.auth.Authenticator;
import heddle.cluster.auth.Authorizer;
import heddle.cluster.auth.Impersonation;
import heddle.cluster.auth.User;
import heddle.cluster.object.ApiException;
import heddle.cluster.object.ResourceType;
import heddle.cluster.type.Served;
import heddle.cluster.type.Types;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes every request from its first line to its answer: who, what, may they, then the work. */
final class Dispatcher {
  private static final Logger LOG = LoggerFactory.getLogger(Dispatcher.class);
  private static final List<String> PUBLIC = List.of("/healthz", "/livez", "/readyz", "/version");

  private final Types types;
  private final Authenticator authenticator;
  private final Authorizer authorizer;
  private final Impersonation impersonation;
  private final List<Subresource> subresources;
  private final ResourceHandler resources;
  private final OtherPaths others;
  private final Bodies bodies;

  Dispatcher(
      Types types,
      Authenticator authenticator,
      Authorizer authorizer,
      List<Subresource> subresources,
      ResourceHandler resources,
      OtherPaths others,
      Bodies bodies) {
    this.types = types;
    this.authenticator = authenticator;
    this.authorizer = authorizer;
    this.impersonation = new Impersonation(authorizer);
    this.subresources = List.copyOf(subresources);
    this.resources = resources;
    this.others = others;
    this.bodies = bodies;
  }

  /** Whether a request that asks for an upgrade is for someone who upgrades. */
  boolean upgrades(String method, String path, String rawQuery) {
    return Path.target(method, path, Path.query(rawQuery))
        .filter(target -> !target.subresource().isEmpty())
        .filter(target -> handler(target) != null)
        .isPresent();
  }

  void dispatch(HttpExchange exchange) throws IOException {
    try {
      Path.target(exchange.method, exchange.path, exchange.query()).ifPresent(exchange::aim);
      identify(exchange);
      authorize(exchange);
      answer(exchange);
    } catch (ApiException e) {
      refuse(exchange, e);
    } catch (UncheckedIOException e) {
      throw e.getCause();
    } catch (RuntimeException e) {
      LOG.error("{} {} failed", exchange.method, exchange.path, e);
      refuse(
          exchange,
          new ApiException(500, "InternalError", "Internal error occurred: " + e.getMessage()));
    }
  }

  private void identify(HttpExchange exchange) {
    String header = exchange.header("authorization").orElse("");
    boolean bearer = header.toLowerCase(Locale.ROOT).startsWith("bearer ");
    String token = bearer ? header.substring(7).strip() : null;
    User user = authenticator.authenticate(token, exchange.certificate());
    exchange.identify(impersonation.apply(user, exchange.headers()));
  }

  private void authorize(HttpExchange exchange) {
    Target target = exchange.aimedAt();
    if (target == null && PUBLIC.stream().anyMatch(exchange.path::startsWith)) {
      return;
    }
    Authorizer.Attributes attributes =
        target == null
            ? Authorizer.Attributes.ofPath(exchange.method.toLowerCase(Locale.ROOT), exchange.path)
            : new Authorizer.Attributes(
                target.verb(),
                target.group(),
                target.version(),
                target.resource(),
                target.subresource(),
                target.namespace(),
                target.name(),
                "");
    authorizer.require(exchange.user(), attributes);
  }

  private void answer(HttpExchange exchange) throws IOException {
    Target target = exchange.aimedAt();
    if (target == null) {
      others.handle(exchange);
      return;
    }
    Subresource handler = handler(target);
    if (handler != null) {
      handler.handle(exchange);
      return;
    }
    Optional<Served> served = types.find(target.group(), target.version(), target.resource());
    if (served.isEmpty()) {
      if (target.group().isEmpty() || known(target)) {
        throw new ApiException(404, "NotFound", "the server could not find the requested resource");
      }
      exchange.respond(
          404,
          Map.of("Content-Type", List.of("text/plain; charset=utf-8")),
          "404 page not found\n".getBytes(StandardCharsets.UTF_8));
      return;
    }
    resources.handle(exchange, served.get());
  }

  private boolean known(Target target) {
    return types.all().stream().anyMatch(s -> s.type().group().equals(target.group()));
  }

  private @Nullable Subresource handler(Target target) {
    for (Subresource subresource : subresources) {
      if (subresource.handles(target)) {
        return subresource;
      }
    }
    return null;
  }

  private void refuse(HttpExchange exchange, ApiException e) throws IOException {
    if (exchange.answered()) {
      LOG.debug("{} {} ended: {}", exchange.method, exchange.path, e.getMessage());
      return;
    }
    Target target = exchange.aimedAt();
    ResourceType type = null;
    if (target != null) {
      type =
          types
              .find(target.group(), target.version(), target.resource())
              .map(Served::type)
              .orElse(null);
    }
    Map<String, List<String>> headers =
        e.code() == 429 || e.code() == 504
            ? Map.of("Content-Type", List.of(Bodies.JSON), "Retry-After", List.of("1"))
            : Map.of("Content-Type", List.of(Bodies.JSON));
    exchange.respond(e.code(), headers, bodies.write(StatusBody.failure(e, target, type)));
  }
}
