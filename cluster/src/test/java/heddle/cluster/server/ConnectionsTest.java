package heddle.cluster.server;

import static org.assertj.core.api.Assertions.assertThat;

import heddle.ca.CertificateAuthority;
import heddle.ca.Identity;
import heddle.ca.Subject;
import heddle.cluster.auth.Authorizer;
import heddle.cluster.auth.User;
import heddle.cluster.object.ApiException;
import heddle.cluster.operation.Bootstrap;
import heddle.cluster.operation.NoAdmission;
import heddle.cluster.operation.Operations;
import heddle.cluster.store.Store;
import heddle.cluster.type.Types;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Random;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** TLS, certificates of clients, upgrades, streams and limits, on real sockets. */
class ConnectionsTest {
  @TempDir Path directory;
  private CertificateAuthority authority;
  private Store store;
  private ApiServer server;

  /** Echoes upgraded connections in upper case, and streams what it is told to. */
  private static final class Echo implements Subresource {
    @Override
    public boolean handles(Target target) {
      return target.subresource().equals("exec") || target.subresource().equals("log");
    }

    @Override
    public void handle(Exchange exchange) throws IOException {
      if (exchange.target().subresource().equals("log")) {
        try (var stream = exchange.stream(200, Map.of("Content-Type", List.of("text/plain")))) {
          stream.write("one\n".getBytes(StandardCharsets.UTF_8));
          stream.flush();
          stream.write("two\n".getBytes(StandardCharsets.UTF_8));
        }
        return;
      }
      if (!exchange.upgradable()) {
        throw ApiException.badRequest("you must request an upgrade");
      }
      Exchange.Connection connection = exchange.upgrade(Map.of("Upgrade", List.of("SPDY/3.1")));
      byte[] buffer = new byte[64];
      for (int n = connection.input().read(buffer); n > 0; n = connection.input().read(buffer)) {
        String text = new String(buffer, 0, n, StandardCharsets.UTF_8);
        connection.output().write(text.toUpperCase(java.util.Locale.ROOT).getBytes());
        connection.output().flush();
      }
    }
  }

  @BeforeEach
  void start() {
    authority = CertificateAuthority.open(directory.resolve("ca"), InstantSource.system());
    Identity identity =
        authority.issueServer(List.of("localhost"), List.of(InetAddress.getLoopbackAddress()));
    store = Store.open(directory.resolve("state.db"), 100);
    Operations operations =
        new Operations(
            store, new Types(), new NoAdmission(), "PEM", InstantSource.system(), new Random(1));
    new Bootstrap(operations).run();
    server =
        ApiServer.start(
            new ApiServer.Settings(
                InetAddress.getLoopbackAddress(),
                0,
                identity.context(List.of(authority.certificate())),
                operations,
                (token, certificate) ->
                    new User(
                        certificate == null
                            ? "system:anonymous"
                            : Subject.of(certificate).commonName(),
                        "",
                        List.of(),
                        Map.of()),
                (user, attributes) -> new Authorizer.Decision(user.name().equals("ann"), ""),
                body -> {
                  throw new ApiException(415, "UnsupportedMediaType", "none");
                },
                List.of(new Echo()),
                InstantSource.system(),
                new Random(2)));
  }

  @AfterEach
  void stop() {
    server.close();
    store.close();
  }

  private SSLContext ann() {
    return authority
        .issueClient("ann", List.of("system:masters"))
        .context(List.of(authority.certificate()));
  }

  private HttpResponse<String> get(SSLContext context, String path)
      throws IOException, InterruptedException {
    try (HttpClient client =
        HttpClient.newBuilder().sslContext(context).version(HttpClient.Version.HTTP_1_1).build()) {
      URI uri = URI.create("https://127.0.0.1:" + server.port() + path);
      return client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
    }
  }

  @Test
  void aClientCertificateNamesTheUser() throws Exception {
    assertThat(get(ann(), "/api/v1/namespaces").statusCode()).isEqualTo(200);
  }

  @Test
  void aClientWithoutCertificateIsAnonymousAndRefusedInKubernetesWords() throws Exception {
    SSLContext stranger = Identity.clientContext(List.of(authority.certificate()));
    HttpResponse<String> answer = get(stranger, "/api/v1/namespaces/default/pods");
    assertThat(answer.statusCode()).isEqualTo(403);
    assertThat(answer.body())
        .contains(
            "pods is forbidden: User \\\"system:anonymous\\\" cannot list resource \\\"pods\\\" in"
                + " API group \\\"\\\" in the namespace \\\"default\\\"");
  }

  @Test
  void anUpgradedConnectionCarriesBytesBothWays() throws Exception {
    try (SSLSocket socket =
        (SSLSocket)
            ann()
                .getSocketFactory()
                .createSocket(InetAddress.getLoopbackAddress(), server.port())) {
      String request =
          "POST /api/v1/namespaces/default/pods/p/exec?command=a HTTP/1.1\r\n"
              + "Host: localhost\r\nConnection: Upgrade\r\nUpgrade: SPDY/3.1\r\n"
              + "Content-Length: 0\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
      InputStream input = socket.getInputStream();
      String head = new String(readHead(input), StandardCharsets.UTF_8);
      assertThat(head).startsWith("HTTP/1.1 101 ").contains("Upgrade: SPDY/3.1");
      socket.getOutputStream().write("hello".getBytes(StandardCharsets.UTF_8));
      assertThat(new String(input.readNBytes(5), StandardCharsets.UTF_8)).isEqualTo("HELLO");
    }
  }

  private static byte[] readHead(InputStream input) throws IOException {
    var head = new java.io.ByteArrayOutputStream();
    while (!head.toString(StandardCharsets.UTF_8).endsWith("\r\n\r\n")) {
      head.write(input.read());
    }
    return head.toByteArray();
  }

  @Test
  void anUpgradeForbiddenToTheUserIsAnOrdinaryRefusal() throws Exception {
    SSLContext stranger = Identity.clientContext(List.of(authority.certificate()));
    try (SSLSocket socket =
        (SSLSocket)
            stranger
                .getSocketFactory()
                .createSocket(InetAddress.getLoopbackAddress(), server.port())) {
      String request =
          "GET /api/v1/namespaces/default/pods/p/exec HTTP/1.1\r\nHost: localhost\r\n"
              + "Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
      String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(answer).startsWith("HTTP/1.1 403 ").contains("\"reason\":\"Forbidden\"");
    }
  }

  @Test
  void streamsEndWithTheirLastByte() throws Exception {
    assertThat(get(ann(), "/api/v1/namespaces/default/pods/p/log").body()).isEqualTo("one\ntwo\n");
  }

  @Test
  void aBodyAboveTheLimitIsTooLarge() throws Exception {
    try (HttpClient client =
        HttpClient.newBuilder().sslContext(ann()).version(HttpClient.Version.HTTP_1_1).build()) {
      URI uri =
          URI.create(
              "https://127.0.0.1:" + server.port() + "/api/v1/namespaces/default/configmaps");
      String body = "{\"data\":{\"k\":\"" + "x".repeat(4 * 1024 * 1024) + "\"}}";
      HttpRequest request =
          HttpRequest.newBuilder(uri)
              .header("Content-Type", "application/json")
              .POST(HttpRequest.BodyPublishers.ofString(body))
              .build();
      assertThat(client.send(request, BodyHandlers.ofString()).statusCode()).isEqualTo(413);
    }
  }
}
