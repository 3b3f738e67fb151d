package heddle.proxy.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import heddle.proxy.socket.SocketNamespace;
import heddle.proxy.socket.Transport;
import heddle.proxy.stats.Stats;
import io.netty.channel.DefaultEventLoop;
import io.netty.util.concurrent.MockTicker;
import io.netty.util.concurrent.Ticker;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Ejection and its undoing, on a clock that only moves when told. */
class OutlierDetectorTest {
  private final MockTicker ticker = Ticker.newMockTicker();
  private final Stats stats = new Stats();
  private final DefaultEventLoop loop = new DefaultEventLoop();
  private final List<Host> hosts = new ArrayList<>();
  private OutlierDetector detector;

  @AfterEach
  void stop() {
    loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
  }

  private void start(int count, int percent, boolean split, int threshold) {
    var config =
        new ClusterConfig.OutlierConfig(
            Duration.ofSeconds(10),
            Duration.ofSeconds(30),
            Duration.ofSeconds(300),
            Duration.ZERO,
            percent,
            false,
            threshold,
            100,
            5,
            0,
            split,
            5,
            100,
            5,
            100,
            1900,
            100,
            85,
            5,
            50,
            0,
            true);
    var cluster =
        new Cluster(
            new ClusterConfig(
                "c",
                new ClusterConfig.Discovery.Eds("c", Duration.ofSeconds(15)),
                new ClusterConfig.Balancing.RoundRobin(),
                Duration.ofSeconds(1),
                Duration.ZERO,
                Duration.ZERO,
                0,
                ClusterConfig.Limits.DEFAULT,
                null,
                List.of(),
                50,
                Duration.ofSeconds(1),
                true,
                0),
            new Clusters.Sockets(
                null, Transport.nio(), SocketNamespace.CURRENT, OptionalInt.empty(), null),
            stats,
            ticker,
            new SplittableRandom(1));
    for (int i = 0; i < count; i++) {
      hosts.add(
          new Host(
              cluster,
              new InetSocketAddress("127.0.0.1", 1000 + i),
              new ClusterConfig.Endpoint(
                  "127.0.0.1",
                  1000 + i,
                  "",
                  1,
                  ClusterConfig.EndpointHealth.HEALTHY,
                  0,
                  "",
                  0,
                  "")));
    }
    detector =
        new OutlierDetector(
            "c", config, () -> hosts, host -> {}, stats, ticker, new SplittableRandom(1));
  }

  private void fail(int host, int status, int times) {
    for (int i = 0; i < times; i++) {
      detector.status(hosts.get(host), status);
    }
  }

  /** Time passes; a sweep follows each interval. */
  private void sweeps(int intervals) {
    for (int i = 0; i < intervals; i++) {
      ticker.advance(10, TimeUnit.SECONDS);
      detector.sweep();
    }
  }

  private long ejections(String name) {
    return stats.value("cluster.c.outlier_detection.ejections_" + name);
  }

  @Test
  void ejectionEndsAtTheFirstSweepAfterItsTimeAndTheNextOneIsLonger() {
    start(2, 50, false, 3);
    fail(0, 500, 3);
    assertThat(hosts.get(0).ejected()).isTrue();
    sweeps(2);
    assertThat(hosts.get(0).ejected()).isTrue();
    sweeps(1);
    assertThat(hosts.get(0).ejected()).isFalse();
    fail(0, 500, 3);
    sweeps(5);
    assertThat(hosts.get(0).ejected()).isTrue();
    sweeps(1);
    assertThat(hosts.get(0).ejected()).isFalse();
    assertThat(ejections("enforced_total")).isEqualTo(2);
    assertThat(ejections("active")).isZero();
  }

  @Test
  void goodTimesShortenTheNextEjection() {
    start(2, 50, false, 3);
    fail(0, 500, 3);
    sweeps(3);
    sweeps(1);
    fail(0, 500, 3);
    sweeps(3);
    assertThat(hosts.get(0).ejected()).isFalse();
  }

  @Test
  void onlyTheFirstOfTwoIsEjectedAtFiftyPercent() {
    start(2, 50, false, 3);
    fail(0, 500, 3);
    fail(1, 500, 3);
    assertThat(hosts.get(0).ejected()).isTrue();
    assertThat(hosts.get(1).ejected()).isFalse();
    assertThat(ejections("overflow")).isEqualTo(1);
  }

  @Test
  void gatewayFailuresAreDetectedButNotEnforcedByDefault() {
    start(2, 100, false, 5);
    fail(0, 503, 5);
    assertThat(ejections("detected_consecutive_gateway_failure")).isEqualTo(1);
    assertThat(ejections("enforced_consecutive_gateway_failure")).isZero();
    assertThat(ejections("enforced_consecutive_5xx")).isEqualTo(1);
  }

  @Test
  void oneGoodAnswerStartsTheCountAnew() {
    start(2, 100, false, 5);
    fail(0, 503, 4);
    fail(0, 200, 1);
    fail(0, 503, 4);
    assertThat(hosts.get(0).ejected()).isFalse();
    assertThat(ejections("detected_consecutive_5xx")).isZero();
  }

  @Test
  void acceptingAndDroppingIsNeverALocalFailureInARowWhenErrorsAreSplit() {
    start(2, 100, true, 5);
    for (int i = 0; i < 10; i++) {
      detector.localOrigin(hosts.get(0), true, 200);
      detector.localOrigin(hosts.get(0), false, 503);
      detector.localOrigin(hosts.get(1), false, 503);
    }
    assertThat(hosts.get(0).ejected()).isFalse();
    assertThat(hosts.get(1).ejected()).isTrue();
  }
}
