package heddle.cluster.server;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import heddle.cluster.discovery.Discovery;
import heddle.cluster.openapi.OpenApi;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Everything that is not a resource: discovery, OpenAPI, version and health. */
final class OtherPaths {
  private static final String TEXT = "text/plain; charset=utf-8";

  private final Discovery discovery;
  private final OpenApi openApi;
  private final Bodies bodies;

  OtherPaths(Discovery discovery, OpenApi openApi, Bodies bodies) {
    this.discovery = discovery;
    this.openApi = openApi;
    this.bodies = bodies;
  }

  void handle(HttpExchange exchange) throws IOException {
    if (!exchange.method.equals("GET") && !exchange.method.equals("HEAD")) {
      text(exchange, 405, "405 method not allowed\n");
      return;
    }
    List<String> path = Path.segments(exchange.path);
    switch (path.isEmpty() ? "" : path.get(0)) {
      case "" -> paths(exchange);
      case "version" -> json(exchange, version());
      case "healthz", "livez", "readyz" -> health(exchange, path.get(0));
      case "api" -> discover(exchange, path, true);
      case "apis" -> discover(exchange, path, false);
      case "openapi" -> openApi(exchange, path);
      default -> notFound(exchange);
    }
  }

  private void discover(HttpExchange exchange, List<String> path, boolean core) throws IOException {
    Representation representation = Representation.of(exchange);
    Optional<ObjectNode> answer =
        switch (path.size()) {
          case 1 -> {
            if (representation.form() == Representation.Form.DISCOVERY) {
              aggregated(exchange, core, representation.version());
              yield Optional.of(JsonNodeFactory.instance.objectNode());
            }
            yield Optional.of(core ? discovery.coreVersions() : discovery.groups());
          }
          case 2 -> core ? discovery.resources("", path.get(1)) : discovery.group(path.get(1));
          case 3 -> core ? Optional.empty() : discovery.resources(path.get(1), path.get(2));
          default -> Optional.empty();
        };
    if (exchange.answered()) {
      return;
    }
    if (answer.isPresent()) {
      json(exchange, answer.get());
    } else {
      notFound(exchange);
    }
  }

  private void aggregated(HttpExchange exchange, boolean core, String version) throws IOException {
    String type =
        "application/json;g=apidiscovery.k8s.io;v=" + version + ";as=APIGroupDiscoveryList";
    Map<String, List<String>> headers = new LinkedHashMap<>();
    headers.put("Content-Type", List.of(type));
    headers.put("Vary", List.of("Accept"));
    exchange.respond(200, headers, bodies.write(discovery.aggregated(core, version)));
  }

  private void openApi(HttpExchange exchange, List<String> path) throws IOException {
    String kind = path.size() > 1 ? path.get(1) : "";
    if (kind.equals("v2") && path.size() == 2) {
      boolean wantsJson =
          exchange.header("accept").orElse("").strip().startsWith("application/json");
      if (wantsJson) {
        json(exchange, openApi.v2Json());
      } else {
        exchange.respond(
            200, Map.of("Content-Type", List.of(OpenApi.V2_TYPE)), openApi.v2Protobuf());
      }
    } else if (kind.equals("v3") && path.size() == 2) {
      json(exchange, openApi.v3Index());
    } else if (kind.equals("v3")) {
      document(exchange, String.join("/", path.subList(2, path.size())));
    } else {
      notFound(exchange);
    }
  }

  private void document(HttpExchange exchange, String name) throws IOException {
    Optional<OpenApi.Document> document = openApi.v3(name);
    if (document.isEmpty()) {
      notFound(exchange);
      return;
    }
    String tag = '"' + document.get().hash() + '"';
    Map<String, List<String>> headers = new LinkedHashMap<>();
    headers.put("ETag", List.of(tag));
    headers.put("Content-Type", List.of(Bodies.JSON));
    boolean fixed = exchange.parameter("hash").orElse("").equals(document.get().hash());
    headers.put("Cache-Control", List.of(fixed ? "public, immutable" : "no-cache, private"));
    if (exchange.header("if-none-match").orElse("").contains(tag)) {
      exchange.respond(304, Map.of("ETag", List.of(tag)), new byte[0]);
    } else {
      exchange.respond(200, headers, document.get().json());
    }
  }

  private void paths(HttpExchange exchange) throws IOException {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    var list = body.putArray("paths");
    for (String path :
        List.of(
            "/api",
            "/api/v1",
            "/apis",
            "/healthz",
            "/livez",
            "/openapi/v2",
            "/openapi/v3",
            "/readyz",
            "/version")) {
      list.add(path);
    }
    json(exchange, body);
  }

  private static ObjectNode version() {
    ObjectNode version = JsonNodeFactory.instance.objectNode();
    version.put("major", "1").put("minor", "33").put("gitVersion", "v1.33.0+heddle");
    version.put("gitCommit", "").put("gitTreeState", "clean");
    version.put("buildDate", "2025-04-23T13:00:00Z").put("goVersion", "none");
    return version.put("compiler", "javac").put("platform", "linux/amd64");
  }

  private static void health(HttpExchange exchange, String check) throws IOException {
    boolean verbose = exchange.parameter("verbose").isPresent();
    text(exchange, 200, verbose ? "[+]ping ok\n[+]store ok\n" + check + " check passed\n" : "ok");
  }

  private void json(HttpExchange exchange, ObjectNode body) {
    Bodies.send(exchange, 200, bodies.write(body));
  }

  private static void notFound(HttpExchange exchange) throws IOException {
    text(exchange, 404, "404 page not found\n");
  }

  private static void text(HttpExchange exchange, int status, String text) throws IOException {
    exchange.respond(
        status,
        Map.of("Content-Type", new ArrayList<>(List.of(TEXT))),
        text.getBytes(StandardCharsets.UTF_8));
  }
}
