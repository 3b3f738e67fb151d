package heddle.cluster.admission;

import com.fasterxml.jackson.databind.JsonNode;
import heddle.ca.Identity;
import heddle.ca.Pem;
import heddle.cluster.dial.HttpConnection;
import heddle.cluster.dial.HttpConnection.Header;
import heddle.cluster.dial.HttpConnection.Response;
import heddle.cluster.dial.NodeDialer;
import heddle.cluster.dial.ServiceResolver;
import heddle.cluster.object.ApiException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/**
 * Posts reviews to webhooks over TLS. Connections are kept: a webhook that is called for each pod
 * pays for one handshake.
 */
final class WebhookClient implements AutoCloseable {
  private static final int IDLE_PER_PEER = 8;
  private static final int ANSWER_LIMIT = 16 * 1024 * 1024;

  private final NodeDialer dialer;
  private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
  private final Map<Peer, Deque<HttpConnection>> idle = new ConcurrentHashMap<>();
  private final Map<String, SSLContext> contexts = new ConcurrentHashMap<>();

  /** Where a webhook is: the name its certificate must have, and what that is verified against. */
  private record Peer(String host, int port, boolean service, String authorities) {
    String authority() {
      return port == 443 && !service ? host : host + ":" + port;
    }
  }

  WebhookClient(NodeDialer dialer) {
    this.dialer = dialer;
  }

  /**
   * Calls a webhook.
   *
   * @return the body of a 200 answer
   * @throws IOException when there is no such answer in time; the message says what was tried
   */
  byte[] call(Webhook webhook, ServiceResolver services, byte[] review) throws IOException {
    Peer peer = peer(webhook);
    String target = target(webhook);
    var current = new AtomicReference<@Nullable HttpConnection>();
    Future<byte[]> answer =
        executor.submit(() -> exchange(webhook, peer, services, target, review, current));
    try {
      return answer.get(webhook.timeout().toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw failed(peer, target, "context deadline exceeded", e);
    } catch (ExecutionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      String message = cause.getMessage() == null ? cause.toString() : cause.getMessage();
      throw failed(peer, target, message, cause);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw failed(peer, target, "interrupted", e);
    } finally {
      if (!answer.isDone()) {
        answer.cancel(true);
        discard(current.get());
      }
    }
  }

  private byte[] exchange(
      Webhook webhook,
      Peer peer,
      ServiceResolver services,
      String target,
      byte[] review,
      AtomicReference<@Nullable HttpConnection> current)
      throws IOException {
    HttpConnection kept = idle.computeIfAbsent(peer, p -> new ConcurrentLinkedDeque<>()).poll();
    if (kept != null) {
      current.set(kept);
      try {
        return post(peer, kept, target, review);
      } catch (AnsweredException e) {
        throw e;
      } catch (IOException e) {
        // The webhook may have closed a connection that was idle; a new one tells.
        discard(kept);
      }
    }
    HttpConnection fresh = connect(webhook, peer, services);
    current.set(fresh);
    try {
      return post(peer, fresh, target, review);
    } catch (IOException e) {
      discard(fresh);
      throw e;
    }
  }

  private byte[] post(Peer peer, HttpConnection connection, String target, byte[] review)
      throws IOException {
    connection.head(
        "POST",
        target,
        List.of(
            new Header("Host", peer.authority()),
            new Header("User-Agent", "kube-apiserver-admission"),
            new Header("Content-Type", "application/json"),
            new Header("Accept", "application/json, */*"),
            new Header("Content-Length", Integer.toString(review.length))));
    connection.output().write(review);
    connection.output().flush();
    Response response = connection.receive("POST");
    byte[] body = response.body().readNBytes(ANSWER_LIMIT + 1);
    if (body.length > ANSWER_LIMIT) {
      throw new AnsweredException("the answer is longer than " + ANSWER_LIMIT + " bytes");
    }
    if (response.reusable()) {
      keep(peer, connection);
    } else {
      discard(connection);
    }
    if (response.status() != 200) {
      String text = new String(body, 0, Math.min(body.length, 500), StandardCharsets.UTF_8);
      throw new AnsweredException(
          "the server answered %d %s: %s".formatted(response.status(), response.reason(), text));
    }
    return body;
  }

  private HttpConnection connect(Webhook webhook, Peer peer, ServiceResolver services)
      throws IOException {
    Socket plain = peer.service() ? dial(webhook, peer, services) : direct(peer);
    try {
      SSLSocket tls =
          (SSLSocket)
              context(peer).getSocketFactory().createSocket(plain, peer.host(), peer.port(), true);
      SSLParameters parameters = tls.getSSLParameters();
      parameters.setEndpointIdentificationAlgorithm("HTTPS");
      tls.setSSLParameters(parameters);
      tls.startHandshake();
      return new HttpConnection(tls.getInputStream(), tls.getOutputStream(), tls);
    } catch (IOException | RuntimeException e) {
      plain.close();
      throw e;
    }
  }

  private Socket dial(Webhook webhook, Peer peer, ServiceResolver services) throws IOException {
    JsonNode service = webhook.client().path("service");
    try {
      InetSocketAddress address =
          services.resolve(
              service.path("namespace").asText(),
              service.path("name").asText(),
              Integer.toString(peer.port()));
      SocketChannel channel = dialer.connect(address);
      return channel.socket();
    } catch (ApiException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  private static Socket direct(Peer peer) throws IOException {
    return SocketChannel.open(new InetSocketAddress(peer.host(), peer.port())).socket();
  }

  private SSLContext context(Peer peer) throws IOException {
    try {
      return contexts.computeIfAbsent(
          peer.authorities(),
          bundle -> {
            String pem = new String(Base64.getMimeDecoder().decode(bundle), StandardCharsets.UTF_8);
            return bundle.isEmpty()
                ? systemContext()
                : Identity.clientContext(Pem.certificates(pem));
          });
    } catch (IllegalArgumentException e) {
      throw new IOException("the webhook's caBundle cannot be used: " + e.getMessage(), e);
    }
  }

  private static SSLContext systemContext() {
    try {
      return SSLContext.getDefault();
    } catch (java.security.GeneralSecurityException e) {
      throw new IllegalStateException("this JDK has no default TLS context", e);
    }
  }

  private static Peer peer(Webhook webhook) throws IOException {
    String bundle = webhook.client().path("caBundle").asText("");
    JsonNode service = webhook.client().path("service");
    if (service.isObject()) {
      String host =
          service.path("name").asText() + "." + service.path("namespace").asText() + ".svc";
      return new Peer(host, service.path("port").asInt(443), true, bundle);
    }
    URI url = url(webhook);
    return new Peer(url.getHost(), url.getPort() < 0 ? 443 : url.getPort(), false, bundle);
  }

  private static String target(Webhook webhook) throws IOException {
    JsonNode service = webhook.client().path("service");
    String path = service.isObject() ? service.path("path").asText("") : url(webhook).getRawPath();
    String rooted = path.startsWith("/") ? path : "/" + path;
    return rooted + "?timeout=" + webhook.timeout().toSeconds() + "s";
  }

  private static URI url(Webhook webhook) throws IOException {
    String text = webhook.client().path("url").asText("");
    try {
      URI url = URI.create(text);
      if ("https".equals(url.getScheme()) && url.getHost() != null) {
        return url;
      }
    } catch (IllegalArgumentException e) {
      throw new IOException("clientConfig.url \"" + text + "\" is not a URL", e);
    }
    throw new IOException("clientConfig.url \"" + text + "\" (expected: https://host/path)");
  }

  private static IOException failed(Peer peer, String target, String message, Throwable cause) {
    return new IOException(
        "failed to call webhook: Post \"https://%s%s\": %s"
            .formatted(peer.authority(), target, message),
        cause);
  }

  private void keep(Peer peer, HttpConnection connection) {
    Deque<HttpConnection> kept = idle.computeIfAbsent(peer, p -> new ConcurrentLinkedDeque<>());
    if (kept.size() < IDLE_PER_PEER && !executor.isShutdown()) {
      kept.push(connection);
    } else {
      discard(connection);
    }
  }

  /** Drops the connections that are idle, as when the configurations change. */
  void forgetIdle() {
    idle.values()
        .forEach(
            kept -> {
              for (HttpConnection c = kept.poll(); c != null; c = kept.poll()) {
                discard(c);
              }
            });
    contexts.clear();
  }

  private static void discard(@Nullable HttpConnection connection) {
    if (connection != null) {
      try {
        connection.close();
      } catch (IOException e) {
        System.getLogger(WebhookClient.class.getName())
            .log(System.Logger.Level.DEBUG, "closing a webhook's connection", e);
      }
    }
  }

  @Override
  public void close() {
    executor.shutdownNow();
    forgetIdle();
    executor.close();
  }

  /** The webhook answered, but not well: asking again would change nothing. */
  private static final class AnsweredException extends IOException {
    private static final long serialVersionUID = 1L;

    AnsweredException(String message) {
      super(message);
    }
  }
}
