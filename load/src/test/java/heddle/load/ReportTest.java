package heddle.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReportTest {
  private static final Instant START = Instant.parse("2020-10-23T15:58:45Z");

  @Test
  void hasVegetasLayout() {
    var builder = new ReportBuilder();
    for (int i = 0; i < 200; i++) {
      boolean faulty = i % 40 == 0;
      long latency = i == 199 ? 1_628_000 : 2_000_000;
      builder.add(
          new Result(
              i,
              START.plusMillis(i * 20L),
              latency,
              faulty ? 500 : 200,
              0,
              faulty ? 14 : 7,
              faulty ? "500 Internal Server Error" : "",
              "GET",
              "http://x/"));
    }

    assertThat(builder.build().text())
        .isEqualTo(
            """
            Requests      [total, rate, throughput]         200, 50.25, 48.97
            Duration      [total, attack, wait]             3.982s, 3.98s, 1.628ms
            Latencies     [min, mean, 50, 90, 95, 99, max]  1.628ms, 1.998ms, 2ms, 2ms, 2ms, 2ms, 2ms
            Bytes In      [total, mean]                     1435, 7.17
            Bytes Out     [total, mean]                     0, 0.00
            Success       [ratio]                           97.50%
            Status Codes  [code:count]                      200:195  500:5
            Error Set:
            500 Internal Server Error
            """);
  }

  @Test
  void hasVegetasJson() {
    var builder = new ReportBuilder();
    builder.add(new Result(0, START, 1_000, 200, 3, 7, "", "GET", "http://x/"));
    builder.add(
        new Result(1, START.plusSeconds(1), 2_000, 0, 3, 0, "a \"b\"\n", "GET", "http://x/"));

    assertThat(builder.build().json())
        .isEqualTo(
            "{\"latencies\":{\"total\":3000,\"mean\":1500,\"50th\":1000,\"90th\":2000,"
                + "\"95th\":2000,\"99th\":2000,\"max\":2000,\"min\":1000},"
                + "\"bytes_in\":{\"total\":7,\"mean\":3.5},\"bytes_out\":{\"total\":6,\"mean\":3.0},"
                + "\"earliest\":\"2020-10-23T15:58:45Z\",\"latest\":\"2020-10-23T15:58:46Z\","
                + "\"end\":\"2020-10-23T15:58:46.000002Z\",\"duration\":1000000000,\"wait\":2000,"
                + "\"requests\":2,\"rate\":2.0,\"throughput\":0.999998000004,\"success\":0.5,"
                + "\"status_codes\":{\"0\":1,\"200\":1},\"errors\":[\"a \\\"b\\\"\\u000a\"]}\n");
  }

  @Test
  void countsBuckets() {
    var builder = new ReportBuilder();
    for (long millis : List.of(1L, 1L, 3L, 9L)) {
      builder.add(new Result(0, START, millis * 1_000_000, 200, 0, 0, "", "GET", "http://x/"));
    }

    assertThat(builder.build().buckets(List.of(0L, 2_000_000L, 5_000_000L)).lines())
        .satisfiesExactly(
            head ->
                assertThat(head).isEqualTo("Bucket                   #        %        Histogram"),
            low -> assertThat(low).startsWith("[0s, 2ms]").contains(" 2 ", "50.00%", "####"),
            mid -> assertThat(mid).startsWith("[2ms, 5ms]").contains(" 1 ", "25.00%"),
            top -> assertThat(top).startsWith("[5ms, +Inf]").contains(" 1 ", "25.00%"));
  }

  @Test
  void reportsNothingOfNothing() {
    var report = new ReportBuilder().build();

    assertThat(report.text())
        .startsWith("Requests      [total, rate, throughput]         0, 0.00, 0.00");
    assertThat(report.success()).isZero();
    assertThat(report.hdr()).contains("Percentile");
  }
}
