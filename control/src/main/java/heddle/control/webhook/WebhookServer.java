package heddle.control.webhook;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import heddle.kube.KubeObject;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Serves webhooks over HTTPS: {@code admission.k8s.io/v1} reviews in, answers out. */
public final class WebhookServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(WebhookServer.class);
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final int LARGEST_REVIEW = 8 << 20;

  private final HttpsServer https;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  private WebhookServer(HttpsServer https) {
    this.https = https;
  }

  /**
   * Starts to serve.
   *
   * @param place opens the socket
   * @param address port 0 picks a free one
   * @param tls presents a certificate for the webhook service's name
   * @param hooks by path
   * @throws IOException if the address cannot be bound
   */
  public static WebhookServer start(
      SocketPlace place, InetSocketAddress address, SSLContext tls, Map<String, Webhook> hooks)
      throws IOException {
    HttpsServer https;
    try {
      https = place.within(() -> HttpsServer.create(address, 0));
    } catch (IOException | RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IOException("cannot listen on " + address + " for webhooks", e);
    }
    WebhookServer server = new WebhookServer(https);
    https.setHttpsConfigurator(new HttpsConfigurator(tls));
    https.setExecutor(server.threads);
    hooks.forEach((path, hook) -> https.createContext(path, call -> serve(call, path, hook)));
    https.start();
    return server;
  }

  /** Where it listens. */
  public InetSocketAddress address() {
    return https.getAddress();
  }

  @Override
  public void close() {
    https.stop(0);
    threads.shutdownNow();
  }

  private static void serve(HttpExchange exchange, String path, Webhook hook) throws IOException {
    try (exchange) {
      byte[] body = exchange.getRequestBody().readNBytes(LARGEST_REVIEW + 1);
      if (!exchange.getRequestURI().getPath().equals(path)) {
        send(exchange, 404, "404 page not found");
        return;
      }
      if (body.length > LARGEST_REVIEW) {
        send(exchange, 413, "a review has at most " + LARGEST_REVIEW + " bytes");
        return;
      }
      try {
        JsonNode review = MAPPER.readTree(body);
        send(exchange, 200, answer(review, hook).toString());
      } catch (IOException e) {
        send(exchange, 400, "not an AdmissionReview: " + e.getMessage());
      } catch (RuntimeException e) {
        LOG.error("webhook {} failed", path, e);
        send(exchange, 500, "webhook " + path + " failed: " + e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        send(exchange, 503, "the controller is stopping");
      }
    }
  }

  private static ObjectNode answer(JsonNode review, Webhook hook) throws InterruptedException {
    JsonNode request = review.path("request");
    Verdict verdict =
        hook.review(
            new AdmissionRequest(
                request.path("operation").asText(),
                request.path("namespace").asText(),
                object(request.path("object")),
                object(request.path("oldObject"))));
    ObjectNode answer = MAPPER.createObjectNode();
    answer.put("apiVersion", "admission.k8s.io/v1").put("kind", "AdmissionReview");
    ObjectNode response = answer.putObject("response").put("uid", request.path("uid").asText());
    switch (verdict) {
      case Verdict.Denied(String message) -> {
        response.put("allowed", false);
        response.putObject("status").put("code", 403).put("message", message);
      }
      case Verdict.Allowed allowed -> {
        response.put("allowed", true);
        allowed.warnings().forEach(response.withArrayProperty("warnings")::add);
        allowed
            .changed()
            .map(changed -> JsonPatch.between(request.path("object"), changed))
            .filter(patch -> !patch.isEmpty())
            .ifPresent(patch -> setPatch(response, patch));
      }
    }
    return answer;
  }

  private static void setPatch(ObjectNode response, JsonNode patch) {
    byte[] text = patch.toString().getBytes(StandardCharsets.UTF_8);
    response.put("patchType", "JSONPatch");
    response.put("patch", Base64.getEncoder().encodeToString(text));
  }

  private static Optional<KubeObject> object(JsonNode json) {
    return json instanceof ObjectNode tree ? Optional.of(new KubeObject(tree)) : Optional.empty();
  }

  private static void send(HttpExchange exchange, int code, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    exchange
        .getResponseHeaders()
        .set("Content-Type", text.startsWith("{") ? "application/json" : "text/plain");
    exchange.sendResponseHeaders(code, bytes.length);
    Objects.requireNonNull(exchange.getResponseBody()).write(bytes);
  }
}
