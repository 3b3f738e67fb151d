package heddle.kube;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The verbs of a Kubernetes API, for any kind. Calls block: use virtual threads. Each refusal is a
 * {@link KubeException} with the server's own sentence.
 */
public final class KubeApi implements AutoCloseable {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  static final String JSON = "application/json";

  private final KubernetesClient client;
  private final String server;
  private final Discovery discovery = new Discovery(this);

  private KubeApi(Config config) {
    this.client = new KubernetesClientBuilder().withConfig(config).build();
    this.server = config.getMasterUrl().replaceAll("/+$", "");
  }

  /** Talks to the cluster of a kubeconfig's current context. */
  public static KubeApi ofKubeconfig(Path kubeconfig) {
    return new KubeApi(plain(new ConfigBuilder(Config.fromKubeconfig(kubeconfig.toFile()))));
  }

  /**
   * Talks to a server with a token.
   *
   * @param server {@code https://127.0.0.1:6443}
   * @param token empty for none
   * @param authority the server's CA as PEM; empty for the JDK's trust store, or plain HTTP
   */
  public static KubeApi of(String server, String token, String authority) {
    ConfigBuilder builder = new ConfigBuilder(Config.empty()).withMasterUrl(server);
    if (!token.isEmpty()) {
      builder = builder.withOauthToken(token);
    }
    if (!authority.isEmpty()) {
      builder = builder.withCaCertData(authority);
    }
    return new KubeApi(plain(builder));
  }

  /** As {@link #of}, but reads the token anew for each request, as mounted tokens are renewed. */
  public static KubeApi of(String server, Supplier<String> token, String authority) {
    ConfigBuilder builder =
        new ConfigBuilder(Config.empty()).withMasterUrl(server).withOauthTokenProvider(token::get);
    if (!authority.isEmpty()) {
      builder = builder.withCaCertData(authority);
    }
    return new KubeApi(plain(builder));
  }

  /**
   * Talks to a server as the service account of the pod that mounts this directory. Its token is
   * renewed while the pod runs, so it is read anew for each request.
   *
   * @param directory with {@code token} and {@code ca.crt}
   * @throws IOException if the directory holds no authority's certificate
   */
  public static KubeApi ofServiceAccount(String server, Path directory) throws IOException {
    Path token = directory.resolve("token");
    return of(server, () -> read(token), Files.readString(directory.resolve("ca.crt")));
  }

  private static String read(Path token) {
    try {
      return Files.readString(token).strip();
    } catch (IOException e) {
      throw new UncheckedIOException("the service account's token " + token, e);
    }
  }

  /**
   * Retries and time limits are the callers' business, and watches want connections of their own.
   */
  private static Config plain(ConfigBuilder builder) {
    return builder
        .withRequestRetryBackoffLimit(0)
        .withHttp2Disable(true)
        .withUserAgent("heddle")
        .build();
  }

  /** Where the API is. */
  public String server() {
    return server;
  }

  /**
   * The kind that the server serves under that version and name.
   *
   * @throws KubeException not found, if it serves none
   */
  public KubeKind kind(String apiVersion, String kind) {
    return discovery
        .find(apiVersion, kind)
        .orElseThrow(
            () ->
                new KubeException(
                    404,
                    "NotFound",
                    "no matches for kind \"" + kind + "\" in version \"" + apiVersion + '"'));
  }

  /** The kind of an object; see {@link #kind(String, String)}. */
  public KubeKind kindOf(KubeObject object) {
    return kind(object.apiVersion(), object.kind());
  }

  /** The object, or empty if there is none. */
  public Optional<KubeObject> get(KubeKind kind, String namespace, String name) {
    try {
      return Optional.of(
          object(send("GET", kind.path(namespace, name), "", null, "get " + kind + " " + name)));
    } catch (KubeException e) {
      if (e.notFound()) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /** All objects of a kind within a scope. */
  public KubeList list(KubeKind kind, Scope scope) {
    JsonNode list =
        send("GET", kind.path(scope.namespace()) + query(scope, ""), "", null, "list " + kind);
    List<KubeObject> items = new ArrayList<>();
    for (JsonNode item : list.path("items")) {
      ObjectNode json = (ObjectNode) item;
      if (!json.has("kind")) {
        json.put("apiVersion", kind.apiVersion()).put("kind", kind.kind());
      }
      items.add(new KubeObject(json));
    }
    return new KubeList(items, list.path("metadata").path("resourceVersion").asText());
  }

  /**
   * Follows changes.
   *
   * @param resourceVersion from a list, or of the last event seen
   */
  public KubeWatch watch(KubeKind kind, Scope scope, String resourceVersion) {
    String extra =
        "watch=true&allowWatchBookmarks=true&resourceVersion=" + encoded(resourceVersion);
    HttpRequest request =
        client
            .getHttpClient()
            .newHttpRequestBuilder()
            .uri(server + kind.path(scope.namespace()) + query(scope, extra))
            .header("Accept", JSON)
            .forStreaming()
            .build();
    return StreamedWatch.open(client.getHttpClient(), request, "watch " + kind);
  }

  /** Stores a new object. */
  public KubeObject create(KubeObject object) {
    return create(object, "");
  }

  /** Stores a new object, its fields managed by someone; empty means this program. */
  public KubeObject create(KubeObject object, String manager) {
    String path = kindOf(object).path(object.namespace()) + managedBy(manager);
    return object(send("POST", path, JSON, text(object.json()), "create " + object));
  }

  private static String managedBy(String manager) {
    return manager.isEmpty() ? "" : "?fieldManager=" + encoded(manager);
  }

  /** Stores a new version; a resource version in it must be the stored one. */
  public KubeObject replace(KubeObject object) {
    KubeKind kind = kindOf(object);
    return object(
        send(
            "PUT",
            kind.path(object.namespace(), object.name()),
            JSON,
            text(object.json()),
            "replace " + object));
  }

  /** Stores a new status; a resource version in it must be the stored one. */
  public KubeObject replaceStatus(KubeObject object) {
    KubeKind kind = kindOf(object);
    return object(
        send(
            "PUT",
            kind.path(object.namespace(), object.name()) + "/status",
            JSON,
            text(object.json()),
            "replace the status of " + object));
  }

  /**
   * Changes some fields.
   *
   * @param subresource {@code status}, {@code scale}, or empty
   * @param patch what to change, in the patch type's own form
   */
  public KubeObject patch(
      KubeKind kind,
      String namespace,
      String name,
      String subresource,
      PatchType type,
      JsonNode patch) {
    String path = kind.path(namespace, name) + (subresource.isEmpty() ? "" : "/" + subresource);
    return object(
        send("PATCH", path, type.contentType(), text(patch), "patch " + kind + " " + name));
  }

  /** Changes some fields of an object, which are managed by someone from then on. */
  public KubeObject patch(
      KubeKind kind,
      String namespace,
      String name,
      PatchType type,
      JsonNode patch,
      String manager) {
    String path = kind.path(namespace, name) + managedBy(manager);
    return object(
        send("PATCH", path, type.contentType(), text(patch), "patch " + kind + " " + name));
  }

  /**
   * Begins to delete an object.
   *
   * @return false if there was none
   */
  public boolean delete(KubeKind kind, String namespace, String name) {
    try {
      send(
          "DELETE",
          kind.path(namespace, name),
          JSON,
          "{\"kind\":\"DeleteOptions\",\"apiVersion\":\"v1\",\"propagationPolicy\":\"Background\"}",
          "delete " + kind + " " + name);
      return true;
    } catch (KubeException e) {
      if (e.notFound()) {
        return false;
      }
      throw e;
    }
  }

  /**
   * Any request to the server, for what has no verb of its own, {@code pods/proxy} for example.
   *
   * @param path with its query
   * @param body empty for none
   * @return the body of the answer
   * @throws KubeException for every status that is not 2xx
   */
  public String raw(String method, String path, String contentType, String body) {
    HttpResponse<String> answer =
        exchange(method, path, contentType, body.isEmpty() ? null : body, method + " " + path);
    return answer.body() == null ? "" : answer.body();
  }

  /** Ends every request. */
  @Override
  public void close() {
    client.close();
  }

  JsonNode send(
      String method, String path, String contentType, @Nullable String body, String what) {
    HttpResponse<String> answer = exchange(method, path, contentType, body, what);
    return parsed(answer.body());
  }

  private HttpResponse<String> exchange(
      String method, String path, String contentType, @Nullable String body, String what) {
    HttpRequest.Builder request =
        client.getHttpClient().newHttpRequestBuilder().uri(server + path).header("Accept", JSON);
    if (body != null) {
      request = request.method(method, contentType, body);
    } else if (!method.equals("GET")) {
      request = request.method(method, JSON, "");
    }
    HttpResponse<String> answer =
        await(client.getHttpClient().sendAsync(request.build(), String.class), what);
    if (answer.code() >= 300) {
      throw KubeException.of(answer.code(), parsed(answer.body()), what);
    }
    return answer;
  }

  static <T> T await(CompletableFuture<T> answer, String what) {
    try {
      return answer.get();
    } catch (InterruptedException e) {
      answer.cancel(true);
      Thread.currentThread().interrupt();
      throw new KubeException(what + ": interrupted", e);
    } catch (ExecutionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new KubeException(what + ": " + cause, cause);
    }
  }

  static JsonNode parsed(@Nullable String body) {
    if (body == null || body.isEmpty()) {
      return MissingNode.getInstance();
    }
    try {
      return MAPPER.readTree(body);
    } catch (JsonProcessingException e) {
      return MAPPER.createObjectNode().put("message", body.strip());
    }
  }

  private static KubeObject object(JsonNode json) {
    if (json instanceof ObjectNode object) {
      return new KubeObject(object);
    }
    throw new KubeException(0, "", "the server answered no JSON object: " + json);
  }

  private static String text(JsonNode json) {
    return json.toString();
  }

  private static String query(Scope scope, String extra) {
    List<String> parts = new ArrayList<>();
    if (!scope.labelSelector().isEmpty()) {
      parts.add("labelSelector=" + encoded(scope.labelSelector()));
    }
    if (!scope.fieldSelector().isEmpty()) {
      parts.add("fieldSelector=" + encoded(scope.fieldSelector()));
    }
    if (!extra.isEmpty()) {
      parts.add(extra);
    }
    return parts.isEmpty() ? "" : "?" + String.join("&", parts);
  }

  private static String encoded(String value) {
    return URLEncoder.encode(value, StandardCharsets.UTF_8);
  }
}
