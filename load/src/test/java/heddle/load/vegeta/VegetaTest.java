package heddle.load.vegeta;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import heddle.load.TestServer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VegetaTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  @TempDir Path folder;

  @Test
  void reportsAnAttackThroughAPipe() throws Exception {
    try (var server = new TestServer()) {
      var targets = "GET " + server.url("/get") + "\n";

      assertThat(run(targets.getBytes(UTF_8), "attack", "-duration=200ms", "-rate", "100"))
          .isZero();
      var results = out.toByteArray();
      out.reset();
      assertThat(run(results, "report")).isZero();

      assertThat(out.toString(UTF_8))
          .contains("Bytes In      [total, mean]                     140, 7.00")
          .contains("Status Codes  [code:count]                      200:20\n");
    }
  }

  @Test
  void worksInAShellAsTheWalkthroughWritesIt() throws Exception {
    Path vegeta = folder.resolve("vegeta");
    Files.writeString(
        vegeta,
        "#!/bin/sh\nexec %s/bin/java -XX:TieredStopAtLevel=1 --enable-native-access=ALL-UNNAMED -cp %s %s \"$@\"\n"
            .formatted(
                System.getProperty("java.home"),
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                Vegeta.class.getName()));
    Files.setPosixFilePermissions(vegeta, PosixFilePermissions.fromString("rwxr-xr-x"));
    try (var server = new TestServer()) {
      String command =
          "echo 'GET %s' | vegeta attack -duration=1s | tee results.bin | vegeta report"
              .formatted(server.url("/get"));
      var builder = new ProcessBuilder("bash", "-c", command).directory(folder.toFile());
      builder.environment().merge("PATH", folder.toString(), (path, first) -> first + ":" + path);
      var process = builder.redirectErrorStream(true).start();

      var text = new String(process.getInputStream().readAllBytes(), UTF_8);

      assertThat(text)
          .startsWith("Requests      [total, rate, throughput]         50, ")
          .contains("Success       [ratio]                           100.00%\n");
      assertThat(process.waitFor()).isZero();
      assertThat(folder.resolve("results.bin")).isNotEmptyFile();
      assertThat(server.requests()).isEqualTo(50);
    }
  }

  @Test
  void writesJsonHistogramAndPercentiles() {
    assertThat(run(new byte[0], "report", "-type=json")).isZero();
    assertThat(run(new byte[0], "report", "--type", "hist[0,2ms]")).isZero();
    assertThat(run(new byte[0], "report", "-type=hdrplot")).isZero();

    assertThat(out.toString(UTF_8)).contains("\"requests\":0", "[2ms, +Inf]", "Percentile");
  }

  @Test
  void refusesWhatItCannotHonourByName() {
    assertThat(run(new byte[0], "attack", "-h2c")).isEqualTo(2);
    assertThat(run(new byte[0], "attack", "-speed=9")).isEqualTo(2);
    assertThat(run(new byte[0], "report", "-type=pie")).isEqualTo(2);
    assertThat(run(new byte[0], "plot")).isEqualTo(2);
    assertThat(run("no".getBytes(UTF_8), "attack")).isEqualTo(2);

    assertThat(err.toString(UTF_8))
        .contains("vegeta: -h2c is not supported: requests are HTTP/1.1")
        .contains("vegeta: unknown flag -speed (expected: one of [body, connections, ")
        .contains("vegeta: -type: pie (expected: text, json, hdrplot or hist[0,2ms,4ms])")
        .contains("vegeta: unknown command \"plot\"")
        .contains("vegeta: targets:1: no (expected: METHOD URL)");
  }

  private int run(byte[] input, String... arguments) {
    InputStream in = new ByteArrayInputStream(input);
    var streams =
        new Vegeta.Streams(
            in, new PrintStream(out, true, UTF_8), new PrintStream(err, true, UTF_8));
    return Vegeta.run(List.of(arguments), streams);
  }
}
