package heddle.workload;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What SIGTERM and SIGKILL do to the application as a process. */
class RetryTestProcessTest {
  private Process process;
  private BufferedReader log;

  @AfterEach
  void end() throws Exception {
    process.destroyForcibly();
    process.waitFor();
  }

  @Test
  void exitsWithZeroAtSigtermWhenNoRequestIsOpen() throws Exception {
    try (var http = start("60")) {
      assertThat(http.get("/ok").body()).isEqualTo("ok");

      process.destroy();

      assertThat(process.waitFor()).isZero();
    }
  }

  @Test
  void answersTheOpenRequestAfterSigterm() throws Exception {
    try (var http = start("1")) {
      var heavy = http.begin("/heavy");
      assertThat(log.readLine()).endsWith("GET /heavy");

      process.destroy();

      assertThat(heavy.get().body()).isEqualTo("ok");
      assertThat(process.waitFor()).isZero();
    }
  }

  @Test
  void breaksTheOpenRequestAtSigkill() throws Exception {
    try (var http = start("60")) {
      var heavy = http.begin("/heavy");
      assertThat(log.readLine()).endsWith("GET /heavy");

      process.destroy();
      process.destroyForcibly();

      assertThatThrownBy(heavy::get)
          .isInstanceOf(ExecutionException.class)
          .hasCauseInstanceOf(IOException.class);
    }
  }

  private Http start(String heavySeconds) throws IOException {
    var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    var builder =
        new ProcessBuilder(java, "-cp", "target/classes", "heddle.workload.RetryTest")
            .redirectErrorStream(true);
    builder.environment().put("PORT", "0");
    builder.environment().put("HEAVY_SECONDS", heavySeconds);
    process = builder.start();
    log = new BufferedReader(process.inputReader(UTF_8));
    var first = log.readLine();
    assertThat(first).startsWith("port ");
    return Http.to(Integer.parseInt(first.substring("port ".length())));
  }
}
