package heddle.bench.proxy;

import static heddle.bench.proxy.Contestant.ENVOY;
import static heddle.bench.proxy.Contestant.HAPROXY;
import static heddle.bench.proxy.Contestant.HEDDLE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.ObjectMapper;
import heddle.bench.machine.Cpus;
import heddle.bench.machine.Machine;
import heddle.bench.wrk.Wrk;
import java.io.StringReader;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.xml.sax.InputSource;

class ReportTest {
  private static final Shape SMALL = new Shape("GET", 1024, 1);

  private final Results results = new Results();
  private final Report report =
      new Report(
          new Machine("a <CPU> & more", 2, "Linux 6", "25", "0.01"),
          new Cpus(true),
          List.of("Envoy 1.40.0"),
          "3 rounds",
          results);

  private void capacity(Contestant who, double... perCpuSecond) {
    for (double figure : perCpuSecond) {
      results.add(
          new Results.CapacityKey(who, SMALL), new Capacity(new Wrk((long) figure, 1.0, 0), 1.0));
    }
  }

  private void latency(Contestant who, int hops, double p99) {
    var key = new Results.LatencyKey(who, new Shape("GET", 1024, hops), 1000);
    results.add(key, new Latency(0.1, 0.2, p99, 2 * p99, 3 * p99, 0));
  }

  @Test
  void aFigureIsTheMedianOfItsRounds() {
    capacity(HEDDLE, 30_000, 10, 40_000);
    assertThat(results.capacity(HEDDLE, SMALL, Capacity::perCpuSecond)).hasValue(30_000);
  }

  @Test
  void saysWhichTargetsAreMetAndWhichAreMissed() {
    capacity(HEDDLE, 30_000);
    capacity(ENVOY, 10_000);
    capacity(HAPROXY, 50_000);
    assertThat(Targets.of(results))
        .extracting(Targets.Target::figure, Targets.Target::met)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple(3.0, true),
            org.assertj.core.groups.Tuple.tuple(0.6, false));
  }

  @Test
  void whatHopsAddIsComparedWithoutTheOriginsOwnLatency() {
    latency(null, 2, 0.5);
    latency(HEDDLE, 2, 1.5);
    latency(ENVOY, 2, 2.5);
    var target = Targets.of(results).getFirst();
    assertThat(target.figure()).isCloseTo(1.0, within(1e-9));
    assertThat(target.bound()).isCloseTo(2.0, within(1e-9));
    assertThat(target.met()).isTrue();
  }

  @Test
  void theTableNamesEveryProxyAndItsRatios() {
    capacity(HEDDLE, 30_000);
    capacity(ENVOY, 10_000);
    assertThat(ReportText.of(report))
        .containsPattern("Heddle +30000 +30000 +33\\.3 +3\\.00 +-")
        .contains("a <CPU> & more, 2 cores");
  }

  @Test
  void jsonHasEveryRound() throws Exception {
    capacity(HEDDLE, 30_000, 20_000);
    var rounds =
        new ObjectMapper().readTree(ReportJson.of(report)).at("/capacity/0/requestsPerCpuSecond");
    assertThat(rounds).extracting(node -> node.asDouble()).containsExactly(30_000.0, 20_000.0);
  }

  @Test
  void thePictureIsWellFormed() throws Exception {
    capacity(HEDDLE, 30_000);
    capacity(ENVOY, 10_000);
    latency(null, 1, 0.5);
    latency(HEDDLE, 1, 1.5);
    var document =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(new InputSource(new StringReader(Picture.of(report))));
    assertThat(document.getElementsByTagName("polyline").getLength()).isEqualTo(2);
  }
}
