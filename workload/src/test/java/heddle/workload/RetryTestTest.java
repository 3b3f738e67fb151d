package heddle.workload;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.ConnectException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RetryTestTest {
  private final ByteArrayOutputStream log = new ByteArrayOutputStream();
  private final CountDownLatch begun = new CountDownLatch(1);
  private final CountDownLatch finish = new CountDownLatch(1);
  private RetryTest app;
  private Http http;

  @BeforeEach
  void start() throws IOException {
    var clock = Clock.fixed(Instant.parse("2020-09-04T04:46:53Z"), ZoneOffset.UTC);
    app =
        new RetryTest(
            Http.anyPort(),
            Duration.ofSeconds(60),
            time -> {
              begun.countDown();
              finish.await();
            },
            clock,
            new PrintStream(log, true, UTF_8));
    http = Http.to(app.port());
  }

  @AfterEach
  void stop() {
    finish.countDown();
    http.close();
    app.stop();
  }

  @Test
  void answersOkAndLogsOneLine() throws Exception {
    var answer = http.get("/ok");

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo("ok");
    assertThat(lines()).containsExactly("[2020-09-04 04:46:53 +0000] [8] [DEBUG] GET /ok");
  }

  @Test
  void answersNgWith500() throws Exception {
    var answer = http.get("/ng");

    assertThat(answer.statusCode()).isEqualTo(500);
    assertThat(answer.body()).isEqualTo("ng");
    assertThat(lines()).singleElement().asString().endsWith("[DEBUG] GET /ng");
  }

  @Test
  void doesNotLogHealthChecks() throws Exception {
    assertThat(http.get("/hc").statusCode()).isEqualTo(200);
    assertThat(lines()).isEmpty();
  }

  @Test
  void answersUnknownPathsWith404() throws Exception {
    assertThat(http.get("/nothing").statusCode()).isEqualTo(404);
  }

  @Test
  void servesOneRequestPerConnection() throws Exception {
    assertThat(http.get("/ok").headers().firstValue("connection")).contains("close");
  }

  @Test
  void answersOthersWhileAHeavyRequestIsOpen() throws Exception {
    var heavy = http.begin("/heavy");
    begun.await();

    assertThat(http.get("/ok").body()).isEqualTo("ok");
    finish.countDown();
    assertThat(heavy.get().body()).isEqualTo("ok");
  }

  @Test
  void finishesOpenRequestsAndAcceptsNoNewOnesWhenStopped() throws Exception {
    var heavy = http.begin("/heavy");
    begun.await();
    var stopping = Thread.ofVirtual().start(app::stop);

    try (var other = Http.to(app.port())) {
      org.awaitility.Awaitility.await()
          .untilAsserted(
              () ->
                  assertThatThrownBy(() -> other.get("/ok")).isInstanceOf(ConnectException.class));
    }
    assertThat(heavy).isNotDone();
    finish.countDown();
    assertThat(heavy.get().statusCode()).isEqualTo(200);
    stopping.join();
  }

  private List<String> lines() {
    return log.toString(UTF_8).lines().toList();
  }
}
