package heddle.cluster.node.log;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import heddle.cluster.node.PodAccess.LogOptions;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ContainerLogTest {
  private static final Instant START = Instant.parse("2026-11-21T04:00:00Z");

  @TempDir Path directory;
  private final Seconds clock = new Seconds();
  private Path file;

  @BeforeEach
  void place() {
    file = directory.resolve("0.log");
  }

  @Test
  void givesLinesBackWithoutTimeAndStream() throws Exception {
    write(1 << 20, "one", "two");

    assertThat(read(options(null, false, null, null))).isEqualTo("one\ntwo\n");
  }

  @Test
  void givesTheLastLinesWithTheirTimes() throws Exception {
    write(1 << 20, "one", "two", "three");

    assertThat(read(options(2, true, null, null)))
        .isEqualTo("2026-11-21T04:00:01Z two\n2026-11-21T04:00:02Z three\n");
  }

  @Test
  void leavesOutWhatWasSaidBefore() throws Exception {
    write(1 << 20, "one", "two", "three");

    assertThat(read(options(null, false, START.plusSeconds(2), null))).isEqualTo("three\n");
  }

  @Test
  void cutsAtTheLimitOfBytes() throws Exception {
    write(1 << 20, "one", "two");

    assertThat(read(options(null, false, null, 6L))).isEqualTo("one\ntw");
  }

  @Test
  void keepsNoMoreThanTwoFiles() throws Exception {
    String[] lines = new String[100];
    for (int i = 0; i < lines.length; i++) {
      lines[i] = "line " + i;
    }
    write(400, lines);

    assertThat(directory.toFile().list()).containsExactlyInAnyOrder("0.log", "0.log.1");
    assertThat(read(options(null, false, null, null)))
        .contains("line 99\n")
        .doesNotContain("line 5\n");
    assertThat(read(options(3, false, null, null))).isEqualTo("line 97\nline 98\nline 99\n");
  }

  @Test
  void putsALongLineTogetherAgain() throws Exception {
    String text = "x".repeat(40_000);
    try (ContainerLog log = new ContainerLog(file, clock, 1 << 20)) {
      LineSplitter lines = new LineSplitter(log, "stdout");
      byte[] bytes = (text + "\r\nend").getBytes(UTF_8);
      lines.write(bytes, bytes.length);
      lines.finish();
    }

    assertThat(read(options(null, false, null, null))).isEqualTo(text + "\nend\n");
    assertThat(read(options(1, false, null, null))).isEqualTo("end\n");
  }

  @Test
  void followsThroughRotationUntilTheContainerEnds() throws Exception {
    ContainerLog log = new ContainerLog(file, clock, 200);
    log.line("stdout", "before");
    LogOptions follow = new LogOptions(true, false, false, null, null, null);
    try (LogStream stream = new LogStream(file, log, follow);
        BufferedReader reader = new BufferedReader(new InputStreamReader(stream, UTF_8), 1)) {
      assertThat(reader.readLine()).isEqualTo("before");
      for (int i = 0; i < 50; i++) {
        log.line("stdout", "line " + i);
        assertThat(reader.readLine()).isEqualTo("line " + i);
      }
      log.close();
      assertThat(reader.readLine()).isNull();
    }
  }

  @Test
  void followsOnlyWhatIsNewWhenNoLineOfThePastIsWanted() throws Exception {
    ContainerLog log = new ContainerLog(file, clock, 1 << 20);
    log.line("stdout", "past");
    LogOptions follow = new LogOptions(true, false, false, 0, null, null);
    try (LogStream stream = new LogStream(file, log, follow)) {
      log.line("stderr", "new");
      log.close();
      assertThat(new String(stream.readAllBytes(), UTF_8)).isEqualTo("new\n");
    }
  }

  @Test
  void whoeverReadsSeesEveryLineThatWasTaken() throws Exception {
    ContainerLog log = new ContainerLog(file, clock, 1 << 20);
    for (int i = 0; i < 3; i++) {
      log.line("stdout", "line " + i);
    }
    LogOptions last = new LogOptions(false, false, false, 2, null, null);
    try (LogStream stream = new LogStream(file, log, last)) {
      log.line("stdout", "line 3");
      assertThat(new String(stream.readAllBytes(), UTF_8)).isEqualTo("line 1\nline 2\nline 3\n");
    }
    log.close();
  }

  @Test
  void closingEndsAFollowerThatWaits() throws Exception {
    try (ContainerLog log = new ContainerLog(file, clock, 1 << 20)) {
      LogStream stream =
          new LogStream(file, log, new LogOptions(true, false, false, null, null, null));
      Thread closer = Thread.ofVirtual().unstarted(() -> close(stream));
      closer.start();
      assertThat(stream.read()).isEqualTo(-1);
      closer.join();
    }
  }

  private static void close(LogStream stream) {
    try {
      stream.close();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private void write(long maxBytes, String... lines) throws IOException {
    try (ContainerLog log = new ContainerLog(file, clock, maxBytes)) {
      for (String line : lines) {
        log.line("stdout", line);
      }
    }
  }

  private String read(LogOptions options) throws IOException {
    try (LogStream stream = new LogStream(file, null, options)) {
      return new String(stream.readAllBytes(), UTF_8);
    }
  }

  private static LogOptions options(
      @Nullable Integer tail, boolean timestamps, @Nullable Instant since, @Nullable Long limit) {
    return new LogOptions(false, false, timestamps, tail, since, limit);
  }

  /** One second later each time it is asked. */
  private static final class Seconds extends Clock {
    private long asked;

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }

    @Override
    public Instant instant() {
      return START.plusSeconds(asked++);
    }
  }
}
