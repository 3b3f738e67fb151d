package heddle.cluster.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import heddle.cluster.fixture.Json;
import heddle.cluster.informer.Kinds;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clients other than kubectl: what fabric8 and dashboards send, through the JDK's WebSocket. */
class WebSocketClientsTest {
  @TempDir Path directory;
  private EdgeServer edge;
  private HttpClient http;

  @BeforeEach
  void open() throws IOException {
    edge = new EdgeServer(directory);
    var admin = edge.authority.issueClient("admin", List.of("system:masters"));
    http =
        HttpClient.newBuilder()
            .sslContext(admin.context(List.of(edge.authority.certificate())))
            .build();
    edge.objects.create(
        Kinds.PODS,
        Json.of(
            "{metadata:{name:'p',namespace:'default'},spec:{containers:[{name:'c',image:'i'}]}}"));
  }

  @AfterEach
  void close() {
    edge.close();
    http.shutdownNow();
  }

  /** Collects what comes, by channel. */
  private static final class Client implements WebSocket.Listener {
    final Map<Integer, ByteArrayOutputStream> channels = new ConcurrentHashMap<>();
    final CompletableFuture<Integer> closed = new CompletableFuture<>();
    private final ByteArrayOutputStream message = new ByteArrayOutputStream();
    private final StringBuilder text = new StringBuilder();

    String text(int channel) {
      return channels
          .getOrDefault(channel, new ByteArrayOutputStream())
          .toString(StandardCharsets.UTF_8);
    }

    private void add(int channel, byte[] bytes) {
      channels.computeIfAbsent(channel, c -> new ByteArrayOutputStream()).writeBytes(bytes);
    }

    @Override
    public CompletionStage<?> onBinary(WebSocket socket, ByteBuffer data, boolean last) {
      byte[] bytes = new byte[data.remaining()];
      data.get(bytes);
      message.writeBytes(bytes);
      if (last) {
        byte[] whole = message.toByteArray();
        message.reset();
        add(whole[0] & 0xff, java.util.Arrays.copyOfRange(whole, 1, whole.length));
      }
      socket.request(1);
      return null;
    }

    @Override
    public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
      text.append(data);
      if (last) {
        add(text.charAt(0) - '0', Base64.getDecoder().decode(text.substring(1)));
        text.setLength(0);
      }
      socket.request(1);
      return null;
    }

    @Override
    public CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
      closed.complete(code);
      return null;
    }

    @Override
    public void onError(WebSocket socket, Throwable error) {
      closed.completeExceptionally(error);
    }
  }

  private WebSocket connect(Client client, String protocol, String path) {
    return http.newWebSocketBuilder()
        .subprotocols(protocol)
        .buildAsync(
            URI.create(
                "wss://127.0.0.1:"
                    + edge.server.port()
                    + "/api/v1/namespaces/default/pods/p/"
                    + path),
            client)
        .join();
  }

  private static ByteBuffer message(int channel, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(bytes.length + 1).put((byte) channel).put(bytes).flip();
  }

  @Test
  void execInV4EndsWithTheStatusOnChannelThreeAndANormalClose() throws Exception {
    var client = new Client();
    WebSocket socket =
        connect(
            client,
            "v4.channel.k8s.io",
            "exec?command=sh&command=-c&command=echo+o;echo+e+>%262;exit+3&stdout=true&stderr=true"
                .replace(">", "%3E"));

    assertThat(socket.getSubprotocol()).isEqualTo("v4.channel.k8s.io");
    assertThat(client.closed.get()).isEqualTo(1000);
    assertThat(client.text(1)).isEqualTo("o\n");
    assertThat(client.text(2)).isEqualTo("e\n");
    assertThat(Json.of(client.text(3)))
        .isEqualTo(
            Json.of(
                """
                {metadata:{},status:'Failure',reason:'NonZeroExitCode',
                 message:'command terminated with non-zero exit code: exit status 3',
                 details:{causes:[{reason:'ExitCode',message:'3'}]}}
                """));
  }

  @Test
  void execInV5FinishesInputWithAFrameOnTheCloseChannel() throws Exception {
    var client = new Client();
    WebSocket socket =
        connect(client, "v5.channel.k8s.io", "exec?command=cat&stdin=true&stdout=true");
    socket.sendBinary(message(0, "hello"), true).join();
    socket.sendBinary(ByteBuffer.wrap(new byte[] {(byte) 255, 0}), true).join();

    assertThat(client.closed.get()).isEqualTo(1000);
    assertThat(client.text(1)).isEqualTo("hello");
    assertThat(Json.of(client.text(3))).isEqualTo(Json.of("{metadata:{},status:'Success'}"));
  }

  @Test
  void execInBase64SpeaksTextFrames() throws Exception {
    var client = new Client();
    WebSocket socket =
        connect(
            client,
            "v4.base64.channel.k8s.io",
            "exec?command=head&command=-c5&stdin=true&stdout=true");
    socket
        .sendText(
            "0" + Base64.getEncoder().encodeToString("hello".getBytes(StandardCharsets.UTF_8)),
            true)
        .join();

    client.closed.get();
    assertThat(client.text(1)).isEqualTo("hello");
    assertThat(client.text(3)).contains("Success");
  }

  @Test
  void windowSizesReachTheTerminal() {
    var client = new Client();
    WebSocket socket =
        connect(client, "v5.channel.k8s.io", "exec?command=cat&stdin=true&stdout=true&tty=true");
    socket.sendBinary(message(4, "{\"Width\":80,\"Height\":24}\n"), true).join();
    socket.sendBinary(message(4, "{\"Width\":100,\"Height\":50}\n"), true).join();

    await().untilAsserted(() -> assertThat(edge.pods.resizes).containsExactly("80x24", "100x50"));
    socket.abort();
  }

  @Test
  void aClientThatGoesAwayEndsTheProcess() {
    var client = new Client();
    WebSocket socket =
        connect(client, "v5.channel.k8s.io", "exec?command=sleep&command=1000&stdout=true");
    await().until(() -> edge.pods.processes.size() == 1);

    socket.abort();

    await().until(() -> !edge.pods.processes.getFirst().isAlive());
  }

  @Test
  void portForwardInNumberedChannelsAnnouncesItsPortFirst() throws Exception {
    try (var executor = Executors.newVirtualThreadPerTaskExecutor();
        var server = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      executor.submit(
          () -> {
            try (var socket = server.accept()) {
              byte[] asked = socket.getInputStream().readNBytes(4);
              socket.getOutputStream().write(asked);
              socket.getOutputStream().write('!');
            }
            return null;
          });
      var client = new Client();
      int port = server.getLocalPort();
      WebSocket socket = connect(client, "v4.channel.k8s.io", "portforward?ports=" + port);
      socket.sendBinary(message(0, "ping"), true).join();

      assertThat(client.closed.get()).isEqualTo(1000);
      byte[] data = client.channels.get(0).toByteArray();
      assertThat((data[0] & 0xff) | (data[1] & 0xff) << 8).isEqualTo(port);
      assertThat(new String(data, 2, data.length - 2, StandardCharsets.UTF_8)).isEqualTo("ping!");
      assertThat(client.channels.get(1).size()).isEqualTo(2);
    }
  }

  @Property(tries = 300)
  void anyBytesAreReadOrEndTheConnection(@ForAll @Size(max = 60) byte[] noise) {
    var socket =
        new WebSocketConnection(new ByteArrayInputStream(noise), new ByteArrayOutputStream());
    try {
      while (socket.read().isPresent()) {
        assertThat(noise).isNotEmpty();
      }
    } catch (IOException e) {
      assertThat(e).hasMessageMatching("(?s).+");
    }
  }
}
