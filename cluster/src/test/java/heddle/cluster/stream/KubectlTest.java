package heddle.cluster.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import heddle.cluster.fixture.Json;
import heddle.cluster.informer.Kinds;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The streams as kubectl uses them: 1.20 speaks SPDY only, the newest WebSockets. */
class KubectlTest {
  private static final String OLD = "/opt/kubectl-1.20/usr/bin/kubectl";
  private static final String NEW = "/usr/bin/kubectl";
  private static final byte[] NOTHING = {};

  @TempDir Path directory;
  private EdgeServer edge;
  private Path admin;

  private record Result(int code, byte[] out, String err) {
    String text() {
      return new String(out, StandardCharsets.UTF_8);
    }
  }

  @BeforeEach
  void open() throws IOException {
    edge = new EdgeServer(directory);
    admin = edge.kubeconfig("admin", "system:masters");
    edge.objects.create(
        Kinds.PODS,
        Json.of(
            """
            {metadata:{name:'p',namespace:'default'},
             spec:{nodeName:'n',containers:[{name:'c',image:'i',stdin:true}]}}
            """));
    edge.objects.modifyStatus(
        Kinds.PODS,
        "default",
        "p",
        pod -> {
          pod.withObject("/status").put("phase", "Running").put("podIP", "127.0.0.1");
          return pod;
        });
  }

  @AfterEach
  void close() {
    edge.close();
  }

  private static void require(String kubectl) {
    boolean present = Files.isExecutable(Path.of(kubectl));
    if (!present && "1".equals(System.getenv("HEDDLE_REQUIRE_ALL"))) {
      throw new AssertionError("HEDDLE_REQUIRE_ALL=1, but this machine has no " + kubectl);
    }
    Assumptions.assumeTrue(present, () -> "SKIPPED: this machine has no " + kubectl);
  }

  private Process start(String kubectl, Path config, String... arguments) throws IOException {
    require(kubectl);
    var command = new ArrayList<>(List.of(kubectl, "--kubeconfig", config.toString()));
    command.add("--cache-dir=" + directory.resolve("cache"));
    command.addAll(Arrays.asList(arguments));
    var builder = new ProcessBuilder(command);
    builder.environment().put("HOME", directory.toString());
    return builder.start();
  }

  private Result run(String kubectl, byte[] input, String... arguments) throws Exception {
    return run(kubectl, admin, input, arguments);
  }

  private Result run(String kubectl, Path config, byte[] input, String... arguments)
      throws Exception {
    Process process = start(kubectl, config, arguments);
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<byte[]> out = executor.submit(() -> process.getInputStream().readAllBytes());
      Future<byte[]> err = executor.submit(() -> process.getErrorStream().readAllBytes());
      executor.submit(() -> feed(process, input));
      boolean ended = process.waitFor(60, TimeUnit.SECONDS);
      if (!ended) {
        process.destroyForcibly();
      }
      String errors = new String(err.get(), StandardCharsets.UTF_8);
      assertThat(ended).as("kubectl %s ends; it said %s", List.of(arguments), errors).isTrue();
      return new Result(process.exitValue(), out.get(), errors);
    }
  }

  /** A command that reads no input may be gone before it is offered any. */
  private static void feed(Process process, byte[] input) {
    try (var in = process.getOutputStream()) {
      in.write(input);
    } catch (IOException e) {
      assertThat(process.onExit()).as("kubectl refused its input").isDone();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {OLD, NEW})
  void execGivesOutputErrorsAndTheExitCode(String kubectl) throws Exception {
    Result result =
        run(kubectl, NOTHING, "exec", "p", "--", "sh", "-c", "echo out; echo err >&2; exit 7");

    assertThat(result.text()).isEqualTo("out\n");
    assertThat(result.err()).contains("err\n", "command terminated with exit code 7");
    assertThat(result.code()).isEqualTo(7);
  }

  @ParameterizedTest
  @ValueSource(strings = {OLD, NEW})
  void execPassesAMegabyteThroughStandardInputToItsEndAndBack(String kubectl) throws Exception {
    byte[] data = new byte[1_000_003];
    new Random(1).nextBytes(data);

    Result result = run(kubectl, data, "exec", "-i", "p", "--", "cat");

    assertThat(result.err()).isEmpty();
    assertThat(result.out()).isEqualTo(data);
    assertThat(result.code()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {OLD, NEW})
  void execOfAMissingProgramSaysSo(String kubectl) throws Exception {
    Result result = run(kubectl, NOTHING, "exec", "p", "--", "no-such-program");

    assertThat(result.code()).isEqualTo(1);
    assertThat(result.err()).contains("no-such-program");
  }

  @ParameterizedTest
  @ValueSource(strings = {OLD, NEW})
  void execInAnUnknownPodOrContainerIsRefusedBeforeAnythingRuns(String kubectl) throws Exception {
    assertThat(run(kubectl, NOTHING, "exec", "nobody", "--", "true").err())
        .contains("pods \"nobody\" not found");
    assertThat(run(kubectl, NOTHING, "exec", "p", "-c", "x", "--", "true").err())
        .contains("container x is not valid for pod p");
    assertThat(edge.pods.processes).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {OLD, NEW})
  void attachJoinsTheContainersStreams(String kubectl) throws Exception {
    byte[] input = "hello\n".getBytes(StandardCharsets.UTF_8);

    Result result = run(kubectl, input, "attach", "-i", "p");

    assertThat(result.text()).contains("attached\nhello\n");
    assertThat(result.code()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {OLD, NEW})
  void copyBringsAFileInAndOut(String kubectl) throws Exception {
    Path source = Files.writeString(directory.resolve("source.txt"), "content");
    Path inside = Files.createDirectory(directory.resolve("inside"));

    Result in = run(kubectl, NOTHING, "cp", source.toString(), "p:" + inside + "/a.txt");
    assertThat(in.code()).as(in.err()).isZero();
    assertThat(inside.resolve("a.txt")).hasContent("content");

    Path back = directory.resolve("back.txt");
    Result out = run(kubectl, NOTHING, "cp", "p:" + inside + "/a.txt", back.toString());
    assertThat(out.code()).as(out.err()).isZero();
    assertThat(back).hasContent("content");
  }

  @ParameterizedTest
  @ValueSource(strings = {OLD, NEW})
  void logsComeAsTheyAreWithTheOptionsAskedFor(String kubectl) throws Exception {
    Result result =
        run(kubectl, NOTHING, "logs", "p", "-f", "--tail=5", "--timestamps", "--since=1m");

    assertThat(result.text()).isEqualTo("one\ntwo\n");
    var options = edge.pods.logRequests.getFirst();
    assertThat(options.follow()).isTrue();
    assertThat(options.timestamps()).isTrue();
    assertThat(options.tailLines()).isEqualTo(5);
    assertThat(options.since()).isNotNull();
    assertThat(run(kubectl, NOTHING, "logs", "p", "--previous").err())
        .contains("previous terminated container \"c\" in pod \"p\" not found");
  }

  @ParameterizedTest
  @ValueSource(strings = {OLD, NEW})
  void followedLogsArriveLineByLine(String kubectl) throws Exception {
    var pipe = new Pipe();
    edge.pods.log = pipe.input();
    Process process = start(kubectl, admin, "logs", "-f", "p");
    try (var reader = process.inputReader()) {
      for (String line : List.of("first", "second")) {
        pipe.put((line + "\n").getBytes(StandardCharsets.UTF_8));
        assertThat(reader.readLine()).isEqualTo(line);
      }
      pipe.end();
      assertThat(reader.readLine()).isNull();
      assertThat(process.waitFor()).isZero();
    } finally {
      process.destroyForcibly();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {OLD, NEW})
  void portForwardCarriesParallelConnectionsWithTheirHalfClose(String kubectl) throws Exception {
    try (var executor = Executors.newVirtualThreadPerTaskExecutor();
        var echo = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"))) {
      executor.submit(() -> serveEcho(echo, executor));
      Process process = start(kubectl, admin, "port-forward", "pod/p", ":" + echo.getLocalPort());
      try (var reader = process.inputReader()) {
        int port = localPort(reader.readLine());
        var sent = new ArrayList<byte[]>();
        var received = new ArrayList<Future<byte[]>>();
        for (int i = 0; i < 4; i++) {
          byte[] data = new byte[200_000 + i];
          new Random(i).nextBytes(data);
          sent.add(data);
          received.add(executor.submit(() -> exchange(port, data)));
        }
        for (int i = 0; i < 4; i++) {
          assertThat(received.get(i).get()).isEqualTo(sent.get(i));
        }
      } finally {
        process.destroyForcibly();
        process.waitFor();
      }
    }
  }

  private static int localPort(String line) {
    assertThat(line).as("kubectl's first line").startsWith("Forwarding from 127.0.0.1:");
    return Integer.parseInt(line.replaceAll(".*127\\.0\\.0\\.1:(\\d+) .*", "$1"));
  }

  /** Sends everything, finishes its half, and reads to the end. */
  private static byte[] exchange(int port, byte[] data) throws Exception {
    try (var socket = new Socket("127.0.0.1", port);
        var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<byte[]> answer = executor.submit(() -> socket.getInputStream().readAllBytes());
      socket.getOutputStream().write(data);
      socket.shutdownOutput();
      return answer.get();
    }
  }

  private static Void serveEcho(ServerSocket server, ExecutorService executor) throws IOException {
    while (true) {
      Socket socket;
      try {
        socket = server.accept();
      } catch (SocketException closed) {
        return null;
      }
      executor.submit(
          () -> {
            try (socket) {
              socket.getInputStream().transferTo(socket.getOutputStream());
            }
            return null;
          });
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {OLD, NEW})
  void portForwardToAClosedPortSaysSo(String kubectl) throws Exception {
    int closed;
    try (var socket = new ServerSocket(0)) {
      closed = socket.getLocalPort();
    }
    Process process = start(kubectl, admin, "port-forward", "pod/p", ":" + closed);
    try (var reader = process.inputReader();
        var errors = process.errorReader();
        var socket = new Socket("127.0.0.1", localPort(reader.readLine()))) {
      assertThat(socket.isConnected()).isTrue();
      assertThat(errors.readLine()).contains("error forwarding port " + closed);
    } finally {
      process.destroyForcibly();
      process.waitFor();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {OLD, NEW})
  void aUserSeesWhatRbacAllows(String kubectl) throws Exception {
    Path jane = edge.kubeconfig("jane", "dev");
    assertThat(run(kubectl, jane, NOTHING, "get", "pods").err())
        .contains(
            "pods is forbidden: User \"jane\" cannot list resource \"pods\" in API group \"\" in"
                + " the namespace \"default\"");
    assertThat(run(kubectl, jane, NOTHING, "auth", "can-i", "list", "pods").text())
        .startsWith("no");

    Result bound =
        run(kubectl, NOTHING, "create", "rolebinding", "x", "--clusterrole=edit", "--user=jane");
    assertThat(bound.code()).as(bound.err()).isZero();

    await()
        .untilAsserted(
            () ->
                assertThat(run(kubectl, jane, NOTHING, "auth", "can-i", "list", "pods").text())
                    .startsWith("yes"));
    assertThat(run(kubectl, jane, NOTHING, "exec", "p", "--", "echo", "hi").text())
        .isEqualTo("hi\n");
    assertThat(run(kubectl, NOTHING, "auth", "can-i", "create", "roles", "--as=jane").text())
        .startsWith("no");
    assertThat(run(kubectl, jane, NOTHING, "get", "pods", "--as=bob").err())
        .contains("cannot impersonate resource \"users\"");
  }

  @Test
  void theNewestKubectlWritesProtobufAndAsksWhoItIs() throws Exception {
    Result created =
        run(NEW, NOTHING, "create", "deployment", "web", "--image=nginx", "--replicas=2");
    assertThat(created.err()).isEmpty();
    assertThat(created.text()).isEqualTo("deployment.apps/web created\n");
    assertThat(run(NEW, NOTHING, "get", "deploy/web", "-o", "jsonpath={.spec.replicas}").text())
        .isEqualTo("2");
    run(NEW, NOTHING, "create", "secret", "generic", "s", "--from-literal=a=b");
    assertThat(run(NEW, NOTHING, "get", "secret", "s", "-o", "jsonpath={.data.a}").text())
        .isEqualTo("Yg==");
    assertThat(run(NEW, NOTHING, "auth", "whoami").text()).contains("admin");
  }

  @Test
  void aTokenThatKubectlCreatedIsItsServiceAccount() throws Exception {
    Result token = run(NEW, NOTHING, "create", "token", "default");
    assertThat(token.code()).as(token.err()).isZero();

    Result whoami =
        run(NEW, edge.nobody(), NOTHING, "--token=" + token.text().strip(), "auth", "whoami");

    assertThat(whoami.text()).contains("system:serviceaccount:default:default");
  }

  @ParameterizedTest
  @ValueSource(strings = {OLD, NEW})
  void reviewsSayWhoseATokenIsAndWhatItsOwnerMayDo(String kubectl) throws Exception {
    String token = run(NEW, NOTHING, "create", "token", "default").text().strip();
    String review =
        """
        apiVersion: authentication.k8s.io/v1
        kind: TokenReview
        metadata: {name: unused}
        spec: {token: "%s"}
        """;
    String access =
        """
        apiVersion: authorization.k8s.io/v1
        kind: SubjectAccessReview
        metadata: {name: unused}
        spec:
          user: %s
          groups: [%s]
          resourceAttributes: {namespace: default, verb: list, resource: pods}
        """;

    assertThat(create(kubectl, review.formatted(token), "{.status.user.username}"))
        .isEqualTo("system:serviceaccount:default:default");
    assertThat(create(kubectl, review.formatted(token + "x"), "{.status.authenticated}"))
        .isIn("", "false");
    assertThat(create(kubectl, access.formatted("jane", "none"), "{.status.allowed}"))
        .isEqualTo("false");
    assertThat(create(kubectl, access.formatted("jane", "system:masters"), "{.status.allowed}"))
        .isEqualTo("true");
  }

  private String create(String kubectl, String manifest, String jsonPath) throws Exception {
    byte[] input = manifest.getBytes(StandardCharsets.UTF_8);
    Result created =
        run(kubectl, input, "create", "-f", "-", "--validate=false", "-o", "jsonpath=" + jsonPath);
    assertThat(created.code()).as(created.err()).isZero();
    return created.text();
  }

  @ParameterizedTest
  @ValueSource(strings = {OLD, NEW})
  void proxiesReachServersInPodsAndBehindServices(String kubectl) throws Exception {
    var http = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
    http.createContext(
        "/",
        exchange -> {
          String body =
              new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
          byte[] answer =
              (exchange.getRequestMethod() + " " + exchange.getRequestURI() + " " + body)
                  .getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, answer.length);
          exchange.getResponseBody().write(answer);
          exchange.close();
        });
    http.start();
    try {
      int port = http.getAddress().getPort();
      String pod = "/api/v1/namespaces/default/pods/p:" + port + "/proxy/a/b?x=1&y=%2F";
      assertThat(run(kubectl, NOTHING, "get", "--raw", pod).text())
          .isEqualTo("GET /a/b?x=1&y=%2F ");
      service(port);
      String service = "/api/v1/namespaces/default/services/http:s:web/proxy/path";
      assertThat(run(kubectl, NOTHING, "get", "--raw", service).text()).isEqualTo("GET /path ");
      assertThat(post(service)).isEqualTo("POST /path body");
    } finally {
      http.stop(0);
    }
  }

  private void service(int port) {
    edge.objects.create(
        Kinds.SERVICES,
        Json.of("{metadata:{name:'s',namespace:'default'},spec:{ports:[{name:'web',port:80}]}}"));
    edge.objects.create(
        Kinds.ENDPOINT_SLICES,
        Json.of(
            """
            {metadata:{name:'by-hand',namespace:'default',labels:{'kubernetes.io/service-name':'s'}},
             addressType:'IPv4',ports:[{name:'web',port:%d}],endpoints:[
              {addresses:['127.0.0.1']},
              {addresses:['127.0.0.9'],conditions:{ready:false}}]}
            """
                .formatted(port)));
  }

  private String post(String path) throws Exception {
    var client = edge.authority.issueClient("admin", List.of("system:masters"));
    try (HttpClient http =
        HttpClient.newBuilder()
            .sslContext(client.context(List.of(edge.authority.certificate())))
            .build()) {
      var request =
          HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + edge.server.port() + path))
              .POST(HttpRequest.BodyPublishers.ofString("body"))
              .build();
      return http.send(request, HttpResponse.BodyHandlers.ofString()).body();
    }
  }
}
