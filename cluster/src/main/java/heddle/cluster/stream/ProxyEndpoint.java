package heddle.cluster.stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import heddle.cluster.dial.HttpConnection;
import heddle.cluster.dial.HttpConnection.Header;
import heddle.cluster.dial.HttpConnection.Response;
import heddle.cluster.dial.NodeDialer;
import heddle.cluster.dial.ServiceResolver;
import heddle.cluster.object.ApiException;
import heddle.cluster.server.Exchange;
import heddle.cluster.server.Subresource;
import heddle.cluster.server.Target;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * {@code pods/NAME/proxy} and {@code services/NAME/proxy}: passes a request on to a server in the
 * cluster, any method, streaming both ways, upgrades included. {@code NAME} may carry a port:
 * {@code NAME:PORT}, {@code http:NAME:PORT}.
 */
final class ProxyEndpoint implements Subresource {
  private static final System.Logger LOG = System.getLogger(ProxyEndpoint.class.getName());

  /** Headers that are about one hop only, or about this server. */
  private static final Set<String> HOP =
      Set.of(
          "authorization",
          "connection",
          "content-length",
          "expect",
          "host",
          "keep-alive",
          "proxy-authenticate",
          "proxy-authorization",
          "te",
          "trailer",
          "transfer-encoding",
          "upgrade");

  private final PodContainers containers;
  private final ServiceResolver services;
  private final NodeDialer dialer;

  ProxyEndpoint(PodContainers containers, ServiceResolver services, NodeDialer dialer) {
    this.containers = containers;
    this.services = services;
    this.dialer = dialer;
  }

  @Override
  public boolean handles(Target target) {
    return target.group().isEmpty()
        && Set.of("pods", "services").contains(target.resource())
        && target.subresource().equals("proxy");
  }

  @Override
  public void handle(Exchange exchange) throws IOException {
    Target target = exchange.target();
    Backend backend = Backend.parse(target.name());
    try (SocketChannel channel = connect(target, backend)) {
      var connection =
          new HttpConnection(
              Channels.newInputStream(channel), Channels.newOutputStream(channel), channel);
      boolean upgrade = exchange.upgradable() && exchange.header("upgrade").isPresent();
      Response response;
      try {
        send(exchange, connection, backend, upgrade);
        response = connection.receive(target.method());
      } catch (IOException e) {
        throw unreachable(backend, e);
      }
      if (upgrade && response.status() == 101) {
        tunnel(exchange.upgrade(headers(response, true)), connection, channel);
      } else {
        answer(exchange, response);
      }
    }
  }

  /** The scheme, name and port in one path segment. */
  private record Backend(String name, String port) {
    static Backend parse(String text) {
      String[] parts = text.split(":", -1);
      String scheme = parts.length == 3 ? parts[0] : "";
      if (parts.length > 3) {
        throw ApiException.badRequest("invalid proxy request \"" + text + "\"");
      }
      if (scheme.equals("https")) {
        throw ApiException.badRequest(
            "proxying to https servers is not supported; use http:" + parts[1] + ":" + parts[2]);
      }
      int name = parts.length == 3 ? 1 : 0;
      return new Backend(parts[name], parts.length > 1 ? parts[name + 1] : "");
    }
  }

  private SocketChannel connect(Target target, Backend backend) throws IOException {
    InetSocketAddress address =
        target.resource().equals("pods")
            ? podAddress(containers.pod(target.namespace(), backend.name()), backend)
            : services.resolve(target.namespace(), backend.name(), backend.port());
    try {
      return dialer.connect(address);
    } catch (IOException e) {
      throw unreachable(backend, e);
    }
  }

  /** As Kubernetes does, from outside: a server that listens on the pod's loopback is not met. */
  private static InetSocketAddress podAddress(ObjectNode pod, Backend backend) {
    String ip = pod.path("status").path("podIP").asText("");
    if (ip.isEmpty()) {
      throw new ApiException(
          503, "ServiceUnavailable", "pod \"" + backend.name() + "\" has no address yet");
    }
    return new InetSocketAddress(InetAddress.ofLiteral(ip), podPort(pod, backend));
  }

  private static int podPort(ObjectNode pod, Backend backend) {
    String asked = backend.port();
    if (!asked.isEmpty() && asked.length() < 6 && asked.chars().allMatch(Character::isDigit)) {
      return Integer.parseInt(asked);
    }
    for (JsonNode container : pod.path("spec").path("containers")) {
      for (JsonNode port : container.path("ports")) {
        if (asked.isEmpty() || port.path("name").asText("").equals(asked)) {
          return port.path("containerPort").asInt();
        }
      }
    }
    if (asked.isEmpty()) {
      return 80;
    }
    throw ApiException.badRequest("pod " + backend.name() + " has no port \"" + asked + "\"");
  }

  private static void send(
      Exchange exchange, HttpConnection connection, Backend backend, boolean upgrade)
      throws IOException {
    Target target = exchange.target();
    var headers = new ArrayList<Header>();
    headers.add(new Header("Host", backend.name()));
    exchange
        .headers()
        .forEach(
            (name, values) -> {
              if (!HOP.contains(name) && !name.startsWith("impersonate-")) {
                values.forEach(value -> headers.add(new Header(name, value)));
              }
            });
    String length = exchange.header("content-length").orElse("");
    boolean chunked = exchange.header("transfer-encoding").isPresent();
    if (upgrade) {
      headers.add(new Header("Connection", "Upgrade"));
      headers.add(new Header("Upgrade", exchange.header("upgrade").orElse("")));
    } else {
      headers.add(new Header("Connection", "close"));
    }
    if (!length.isEmpty()) {
      headers.add(new Header("Content-Length", length));
    } else if (chunked) {
      headers.add(new Header("Transfer-Encoding", "chunked"));
    }
    String path = target.rest().isEmpty() ? "/" : target.rest();
    String query = exchange.rawQuery().isEmpty() ? "" : "?" + exchange.rawQuery();
    connection.head(target.method(), path + query, headers);
    if (!length.isEmpty()) {
      RemoteCommand.copy(exchange.bodyStream(), connection.output());
    } else if (chunked) {
      try (OutputStream body = connection.chunked()) {
        RemoteCommand.copy(exchange.bodyStream(), body);
      }
    }
    connection.output().flush();
  }

  private static void answer(Exchange exchange, Response response) throws IOException {
    Map<String, List<String>> headers = headers(response, false);
    boolean empty =
        exchange.target().method().equals("HEAD")
            || response.status() == 204
            || response.status() == 304;
    if (empty) {
      exchange.respond(response.status(), headers, new byte[0]);
      return;
    }
    try (OutputStream out = exchange.stream(response.status(), headers)) {
      out.flush();
      RemoteCommand.copy(response.body(), out);
    }
  }

  private static Map<String, List<String>> headers(Response response, boolean upgrade) {
    var headers = new LinkedHashMap<String, List<String>>();
    for (Header header : response.headers()) {
      String name = header.name().toLowerCase(Locale.ROOT);
      if (!HOP.contains(name) || (upgrade && name.equals("upgrade"))) {
        headers.computeIfAbsent(header.name(), n -> new ArrayList<>()).add(header.value());
      }
    }
    return headers;
  }

  private static void tunnel(
      Exchange.Connection client, HttpConnection server, SocketChannel channel) throws IOException {
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<?> requests =
          executor.submit(
              () -> {
                copyQuietly(client.input(), server.output());
                channel.close();
                return null;
              });
      try {
        copyQuietly(server.input(), client.output());
      } finally {
        client.close();
        channel.close();
      }
      requests.get();
    } catch (ExecutionException e) {
      LOG.log(System.Logger.Level.DEBUG, "a proxied connection broke", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void copyQuietly(InputStream from, OutputStream to) {
    try {
      RemoteCommand.copy(from, to);
    } catch (IOException e) {
      LOG.log(System.Logger.Level.TRACE, "a proxied connection ended", e);
    }
  }

  private static ApiException unreachable(Backend backend, IOException e) {
    return new ApiException(
        503,
        "ServiceUnavailable",
        "error trying to reach service \"%s\": %s".formatted(backend.name(), e.getMessage()));
  }
}
