package heddle.kube;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.UnaryOperator;

/**
 * As much of a Kubernetes API as the tests of controllers need: discovery, objects of any declared
 * kind, resource versions with conflicts, generations, watches, merge patches and status. No
 * validation, defaulting or admission. Plain HTTP on a loopback port.
 */
public final class StubApi implements AutoCloseable {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final HttpServer http;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Map<String, KubeKind> kinds = new TreeMap<>();
  private final Map<String, ObjectNode> objects = new TreeMap<>();
  private final List<Watcher> watchers = new CopyOnWriteArrayList<>();
  private final List<String> history = new ArrayList<>();
  private long version;
  private volatile String lastAuthorization = "";
  private final List<String> requests = new CopyOnWriteArrayList<>();

  /** Every write as {@code METHOD path}. */
  public List<String> writes() {
    return requests;
  }

  /** The {@code Authorization} header of the latest request; empty when it had none. */
  public String lastAuthorization() {
    return lastAuthorization;
  }

  public String url() {
    return "http://127.0.0.1:" + http.getAddress().getPort();
  }

  private record Watcher(KubeKind kind, String namespace, BlockingQueue<ObjectNode> events) {}

  public StubApi() throws IOException {
    http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    http.setExecutor(threads);
    http.createContext("/", this::handle);
    http.start();
    for (KubeKind kind :
        List.of(
            KubeKind.NAMESPACE,
            KubeKind.POD,
            KubeKind.SERVICE,
            KubeKind.EVENT,
            KubeKind.ENDPOINT_SLICE,
            new KubeKind("v1", "ConfigMap", "configmaps", true),
            new KubeKind(
                "apiextensions.k8s.io/v1",
                "CustomResourceDefinition",
                "customresourcedefinitions",
                false))) {
      serve(kind);
    }
  }

  /** Serves one more kind. */
  public synchronized void serve(KubeKind kind) {
    kinds.put(kind.apiVersion() + "/" + kind.plural(), kind);
  }

  public KubeApi connect() {
    return KubeApi.of(url(), "", "");
  }

  /** Ends all watches, as servers do now and then. */
  public void endWatches() {
    watchers.forEach(watcher -> watcher.events().add(MAPPER.createObjectNode()));
  }

  @Override
  public void close() {
    endWatches();
    http.stop(0);
    threads.shutdownNow();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      String authorization = exchange.getRequestHeaders().getFirst("Authorization");
      lastAuthorization = authorization == null ? "" : authorization;
      String path = exchange.getRequestURI().getPath();
      String query = String.valueOf(exchange.getRequestURI().getRawQuery());
      String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
      if (!exchange.getRequestMethod().equals("GET")) {
        requests.add(exchange.getRequestMethod() + " " + path);
      }
      List<String> parts = new ArrayList<>(List.of(path.substring(1).split("/")));
      boolean core = parts.removeFirst().equals("api");
      String apiVersion =
          core ? parts.removeFirst() : parts.removeFirst() + "/" + parts.removeFirst();
      if (parts.isEmpty()) {
        discover(exchange, apiVersion);
        return;
      }
      String namespace = "";
      if (parts.size() > 2 && parts.getFirst().equals("namespaces")) {
        parts.removeFirst();
        namespace = parts.removeFirst();
      }
      KubeKind kind = kinds.get(apiVersion + "/" + parts.getFirst());
      if (kind == null) {
        answer(exchange, 404, problem(404, "NotFound", "404 page not found"));
      } else if (query.contains("watch=true")) {
        watch(exchange, kind, namespace, query);
      } else {
        String name = parts.size() > 1 ? parts.get(1) : "";
        boolean status = parts.size() > 2;
        Answer answer =
            act(exchange.getRequestMethod(), kind, namespace, name, status, body, query);
        answer(exchange, answer.code(), answer.json());
      }
    }
  }

  private record Answer(int code, ObjectNode json) {}

  private synchronized Answer act(
      String method,
      KubeKind kind,
      String namespace,
      String name,
      boolean status,
      String body,
      String query)
      throws IOException {
    String key = kind + " " + namespace + "/" + name;
    ObjectNode stored = objects.get(key);
    switch (method) {
      case "GET" -> {
        if (name.isEmpty()) {
          return new Answer(200, list(kind, namespace, query));
        }
        return stored == null ? absent(kind, name) : new Answer(200, stored);
      }
      case "POST" -> {
        ObjectNode object = (ObjectNode) MAPPER.readTree(body);
        String newKey = kind + " " + namespace + "/" + new KubeObject(object).name();
        if (objects.containsKey(newKey)) {
          return new Answer(409, problem(409, "AlreadyExists", newKey + " already exists"));
        }
        return new Answer(201, store(kind, newKey, null, object, "ADDED"));
      }
      case "DELETE" -> {
        if (stored == null) {
          return absent(kind, name);
        }
        if (!stored.path("metadata").path("finalizers").isEmpty()) {
          ObjectNode doomed = stored.deepCopy();
          doomed.withObjectProperty("metadata").put("deletionTimestamp", "2026-01-01T00:00:00Z");
          return new Answer(200, store(kind, key, stored, doomed, "MODIFIED"));
        }
        objects.remove(key);
        ObjectNode gone = stored.deepCopy();
        gone.withObjectProperty("metadata").put("resourceVersion", Long.toString(++version));
        announce(kind, namespace, "DELETED", gone);
        return new Answer(200, gone);
      }
      case "PUT", "PATCH" -> {
        JsonNode change = MAPPER.readTree(body);
        boolean apply = query.contains("force=true");
        if (stored == null) {
          return apply
              ? new Answer(201, store(kind, key, null, (ObjectNode) change, "ADDED"))
              : absent(kind, name);
        }
        String asked = change.path("metadata").path("resourceVersion").asText();
        String has = stored.path("metadata").path("resourceVersion").asText();
        if (!asked.isEmpty() && !asked.equals(has)) {
          return new Answer(409, problem(409, "Conflict", key + ": the object has been modified"));
        }
        ObjectNode next = stored.deepCopy();
        if (method.equals("PUT") && status) {
          next.set("status", change.path("status"));
        } else if (method.equals("PUT")) {
          next = (ObjectNode) change;
        } else {
          merge(next, change);
        }
        return new Answer(200, store(kind, key, stored, next, "MODIFIED"));
      }
      default -> {
        return new Answer(405, problem(405, "MethodNotAllowed", method));
      }
    }
  }

  private ObjectNode store(
      KubeKind kind, String key, ObjectNode before, ObjectNode object, String type) {
    ObjectNode metadata = object.withObjectProperty("metadata");
    if (before != null && before.equals(object)) {
      return before;
    }
    object.put("apiVersion", kind.apiVersion()).put("kind", kind.kind());
    metadata.put("resourceVersion", Long.toString(++version));
    if (before == null) {
      metadata.put("uid", "uid-" + version).put("generation", 1);
    } else if (!before.path("spec").equals(object.path("spec"))) {
      metadata.put("generation", before.path("metadata").path("generation").asLong() + 1);
    }
    if (kind.kind().equals("CustomResourceDefinition")) {
      object
          .withObjectProperty("status")
          .withArrayProperty("conditions")
          .removeAll()
          .addObject()
          .put("type", "Established")
          .put("status", "True");
    }
    String namespace = new KubeObject(object).namespace();
    if (object.path("metadata").hasNonNull("deletionTimestamp")
        && object.path("metadata").path("finalizers").isEmpty()) {
      objects.remove(key);
      announce(kind, namespace, "DELETED", object);
    } else {
      objects.put(key, object);
      announce(kind, namespace, type, object);
    }
    return object;
  }

  private void announce(KubeKind kind, String namespace, String type, ObjectNode object) {
    history.add(type + " " + kind + " " + object.path("metadata").path("name").asText());
    ObjectNode event = MAPPER.createObjectNode().put("type", type);
    event.set("object", object.deepCopy());
    for (Watcher watcher : watchers) {
      if (watcher.kind().equals(kind)
          && (watcher.namespace().isEmpty() || watcher.namespace().equals(namespace))) {
        watcher.events().add(event);
      }
    }
  }

  private ObjectNode list(KubeKind kind, String namespace, String query) {
    ObjectNode list =
        MAPPER.createObjectNode().put("apiVersion", "v1").put("kind", kind.kind() + "List");
    list.putObject("metadata").put("resourceVersion", Long.toString(version));
    ArrayNode items = list.putArray("items");
    String prefix = kind + " " + (namespace.isEmpty() ? "" : namespace + "/");
    objects.forEach(
        (key, object) -> {
          if (key.startsWith(prefix) && selected(object, query)) {
            items.add(object);
          }
        });
    return list;
  }

  private static boolean selected(ObjectNode object, String query) {
    for (String part : query.split("&")) {
      String[] selector = java.net.URLDecoder.decode(part, StandardCharsets.UTF_8).split("=", 3);
      String value =
          switch (selector[0]) {
            case "fieldSelector" -> object.path("metadata").path("name").asText();
            case "labelSelector" ->
                object.path("metadata").path("labels").path(selector[1]).asText();
            default -> null;
          };
      if (value != null && !value.equals(selector[2])) {
        return false;
      }
    }
    return true;
  }

  private void watch(HttpExchange exchange, KubeKind kind, String namespace, String query)
      throws IOException {
    Watcher watcher = new Watcher(kind, namespace, new LinkedBlockingQueue<>());
    long from =
        Long.parseLong("0" + query.replaceAll(".*resourceVersion=", "").replaceAll("\\D.*", ""));
    synchronized (this) {
      if (from < version) {
        objects.forEach(
            (key, object) -> {
              long at = object.path("metadata").path("resourceVersion").asLong();
              if (key.startsWith(kind + " ") && at > from) {
                ObjectNode event = MAPPER.createObjectNode().put("type", "MODIFIED");
                event.set("object", object.deepCopy());
                watcher.events().add(event);
              }
            });
      }
      watchers.add(watcher);
    }
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(200, 0);
    try (OutputStream out = exchange.getResponseBody()) {
      out.flush();
      for (ObjectNode event = watcher.events().take();
          !event.isEmpty();
          event = watcher.events().take()) {
        if (selected((ObjectNode) event.path("object"), query)) {
          out.write((event + "\n").getBytes(StandardCharsets.UTF_8));
          out.flush();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      watchers.remove(watcher);
    }
  }

  private void discover(HttpExchange exchange, String apiVersion) throws IOException {
    ObjectNode list = MAPPER.createObjectNode().put("groupVersion", apiVersion);
    ArrayNode resources = list.putArray("resources");
    kinds.values().stream()
        .filter(kind -> kind.apiVersion().equals(apiVersion))
        .forEach(
            kind ->
                resources
                    .addObject()
                    .put("name", kind.plural())
                    .put("kind", kind.kind())
                    .put("namespaced", kind.namespaced()));
    if (resources.isEmpty()) {
      answer(exchange, 404, problem(404, "NotFound", "404 page not found"));
    } else {
      answer(exchange, 200, list);
    }
  }

  private static void merge(ObjectNode target, JsonNode change) {
    UnaryOperator<JsonNode> copy = JsonNode::deepCopy;
    change
        .properties()
        .forEach(
            entry -> {
              if (entry.getValue().isNull()) {
                target.remove(entry.getKey());
              } else if (entry.getValue() instanceof ObjectNode nested
                  && target.path(entry.getKey()) instanceof ObjectNode into) {
                merge(into, nested);
              } else if (entry.getKey().equals("conditions")) {
                mergeConditions(target.withArrayProperty("conditions"), entry.getValue());
              } else {
                target.set(entry.getKey(), copy.apply(entry.getValue()));
              }
            });
  }

  /** As a strategic merge does: by type. */
  private static void mergeConditions(ArrayNode target, JsonNode changes) {
    for (JsonNode change : changes) {
      for (int i = target.size() - 1; i >= 0; i--) {
        if (target.get(i).path("type").equals(change.path("type"))) {
          target.remove(i);
        }
      }
      target.add(change.deepCopy());
    }
  }

  private static Answer absent(KubeKind kind, String name) {
    return new Answer(404, problem(404, "NotFound", kind + " \"" + name + "\" not found"));
  }

  private static ObjectNode problem(int code, String reason, String message) {
    return MAPPER
        .createObjectNode()
        .put("kind", "Status")
        .put("code", code)
        .put("reason", reason)
        .put("message", message);
  }

  private static void answer(HttpExchange exchange, int code, JsonNode json) throws IOException {
    byte[] bytes = json.toString().getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(code, bytes.length);
    exchange.getResponseBody().write(bytes);
  }
}
