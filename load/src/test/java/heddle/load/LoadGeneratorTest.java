package heddle.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LoadGeneratorTest {
  private final LoadGenerator generator = new LoadGenerator(Clock.systemUTC(), System::nanoTime);
  private TestServer server;

  @BeforeEach
  void start() throws IOException {
    server = new TestServer();
  }

  @AfterEach
  void stop() {
    generator.close();
    server.close();
  }

  @Test
  void sendsExactlyAsManyRequestsAsRateAndDurationSay() throws Exception {
    var report = report(attack("/get", "400", "500ms"));

    assertThat(report.requests()).isEqualTo(200);
    assertThat(report.count(200)).isEqualTo(200);
    assertThat(report.bytesIn()).isEqualTo(1400);
    assertThat(report.success()).isEqualTo(1);
    assertThat(report.duration()).isEqualTo(Duration.ofNanos(497_500_000));
    assertThat(server.requests()).isEqualTo(200);
  }

  @Test
  void countsEachStatusAndNamesTheErrorOnce() throws Exception {
    var report = report(attack("/fifth", "500", "200ms"));

    assertThat(report.count(200)).isEqualTo(80);
    assertThat(report.count(500)).isEqualTo(20);
    assertThat(report.errors()).containsExactly("500 Internal Server Error");
  }

  @Test
  void keepsSendingWhileAnswersAreHeld() throws Exception {
    var results = new ConcurrentLinkedQueue<Result>();
    var running = Thread.ofVirtual().start(() -> run(attack("/held", "500", "100ms"), results));

    Awaitility.await().until(() -> server.requests() == 50);
    assertThat(results).isEmpty();
    server.release();
    running.join();

    assertThat(results).hasSize(50).allMatch(Result::success);
  }

  @Test
  void neverOpensMoreConnectionsThanAllowedAndCountsTheWait() throws Exception {
    var attack = attack("/held", "500", "20ms").withConnections(2);
    var results = new ConcurrentLinkedQueue<Result>();
    var running = Thread.ofVirtual().start(() -> run(attack, results));

    Awaitility.await().until(() -> server.requests() == 2);
    server.release();
    running.join();

    assertThat(results).hasSize(10).allMatch(Result::success);
    assertThat(server.connections()).isEqualTo(2);
  }

  @Test
  void opensAConnectionPerRequestWithoutKeepAlive() throws Exception {
    var all = attack("/get", "200", "50ms");
    var attack =
        new Attack(all.targets(), all.pacer(), all.duration(), all.timeout(), 0, 0, false, false);

    assertThat(report(attack).count(200)).isEqualTo(10);
    assertThat(server.connections()).isEqualTo(10);
  }

  @Test
  void measuresLatencyFromWhenTheRequestWasDue() throws Exception {
    // Time that jumps past the whole plan before the first request leaves.
    var ticks = new AtomicLong();
    try (var late = new LoadGenerator(Clock.systemUTC(), () -> ticks.getAndSet(1_000_000_000))) {
      var results = new ConcurrentLinkedQueue<Result>();
      late.run(attack("/get", "10", "500ms"), results::add);

      assertThat(results)
          .extracting(Result::latencyNanos)
          .containsExactlyInAnyOrder(
              1_000_000_000L, 900_000_000L, 800_000_000L, 700_000_000L, 600_000_000L);
    }
  }

  @Test
  void givesUpOnAnAnswerThatDoesNotComeInTime() throws Exception {
    var report = report(attack("/held", "100", "50ms").withTimeout(Duration.ofMillis(100)));

    assertThat(report.count(0)).isEqualTo(5);
    assertThat(report.errors()).containsExactly("no answer within 100ms");
  }

  @Test
  void saysThatTheConnectionWasRefused() throws Exception {
    int port;
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    var target = Target.get("http://127.0.0.1:" + port + "/");

    var report = report(Attack.of(target, Rate.parse("100"), Duration.ofMillis(50)));

    assertThat(report.count(0)).isEqualTo(5);
    assertThat(report.errors()).singleElement().asString().containsIgnoringCase("refused");
  }

  @Test
  void saysThatTheConnectionEndedBeforeTheAnswer() throws Exception {
    try (var socket = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
      Thread.ofVirtual().start(() -> closeAfterRequest(socket));
      var target = Target.get("http://127.0.0.1:" + socket.getLocalPort() + "/");

      var report = report(Attack.of(target, Rate.parse("10"), Duration.ofMillis(50)));

      assertThat(report.errors())
          .containsExactly("the connection was closed before the answer was complete");
    }
  }

  @Test
  void sendsMethodHeadersAndBody() throws Exception {
    var post = new Target("POST", URI.create(server.url("/get")), List.of(), "hello".getBytes());

    var report = report(Attack.of(post, Rate.parse("10"), Duration.ofMillis(50)));

    assertThat(server.seen()).containsExactly("POST /get hello");
    assertThat(report.bytesOut()).isEqualTo(5);
  }

  @Test
  void stopsWhenToldAndStillReportsWhatWasSent() throws Exception {
    var results = new ConcurrentLinkedQueue<Result>();
    var running = Thread.ofVirtual().start(() -> run(attack("/get", "100", "0"), results));

    Awaitility.await().until(() -> results.size() >= 3);
    generator.stop();
    running.join();

    assertThat(results).hasSize(server.requests());
  }

  @Test
  void warmsUpWithoutTouchingTheTarget() throws Exception {
    generator.warmUp();

    assertThat(report(attack("/get", "100", "10ms")).count(200)).isEqualTo(1);
    assertThat(server.requests()).isEqualTo(1);
  }

  @Test
  void refusesANameThatDoesNotResolve() {
    var target = Target.get("http://no-such-host.invalid/");
    assertThatThrownBy(
            () -> generator.run(Attack.of(target, Rate.parse("1"), Duration.ofSeconds(1)), r -> {}))
        .isInstanceOf(UnknownHostException.class);
  }

  private Attack attack(String path, String rate, String duration) {
    return Attack.of(Target.get(server.url(path)), Rate.parse(rate), Durations.parse(duration));
  }

  private Report report(Attack attack) throws Exception {
    var builder = new ReportBuilder();
    generator.run(attack, builder::add);
    return builder.build();
  }

  private void run(Attack attack, Collection<Result> results) {
    try {
      generator.run(attack, results::add);
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void closeAfterRequest(ServerSocket socket) {
    try (var client = socket.accept()) {
      client.getInputStream().read();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
