package heddle.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.envoyproxy.envoy.config.cluster.v3.OutlierDetection;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Outlier detection under traffic. */
class OutlierTest {

  @Test
  void oneFailingHostOfFiveCausesExactlyFiveErrors() throws Exception {
    var hosts = new ArrayList<ScriptedUpstream>();
    try {
      for (int i = 0; i < 5; i++) {
        hosts.add(ScriptedUpstream.answering(i == 3 ? 500 : 200, ""));
      }
      int[] ports = hosts.stream().mapToInt(ScriptedUpstream::port).toArray();
      try (var bed =
              ProxyBed.forwarding(
                  route -> {},
                  cluster ->
                      cluster.setOutlierDetection(
                          OutlierDetection.newBuilder()
                              .setConsecutive5Xx(ProxyBed.number(5))
                              .setInterval(ProxyBed.seconds(10))
                              .setBaseEjectionTime(ProxyBed.seconds(10))
                              .setMaxEjectionPercent(ProxyBed.number(50))
                              .setAlwaysEjectOneHost(ProxyBed.yes())),
                  ports);
          var client = bed.connect()) {
        List<Integer> statuses = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
          statuses.add(client.get("/").status());
        }
        assertThat(statuses.stream().filter(s -> s == 500)).hasSize(5);
        assertThat(statuses.stream().filter(s -> s == 200)).hasSize(195);
        String p = "outlier_detection.ejections_";
        assertThat(bed.clusterStat(p + "active")).isEqualTo(1);
        assertThat(bed.clusterStat(p + "enforced_total")).isEqualTo(1);
        assertThat(bed.clusterStat(p + "enforced_consecutive_5xx")).isEqualTo(1);
        assertThat(bed.clusterStat(p + "detected_consecutive_gateway_failure")).isZero();
        assertThat(bed.clusterStat("membership_healthy")).isEqualTo(4);
      }
    } finally {
      for (var host : hosts) {
        host.close();
      }
    }
  }

  @Test
  void smallClusterKeepsItsHostsAtTheDefaultPercentage() throws Exception {
    try (var good = ScriptedUpstream.answering(200, "");
        var bad = ScriptedUpstream.answering(500, "");
        var bed =
            ProxyBed.forwarding(
                route -> {},
                cluster ->
                    cluster.setOutlierDetection(
                        OutlierDetection.newBuilder().setConsecutive5Xx(ProxyBed.number(3))),
                good.port(),
                bad.port());
        var client = bed.connect()) {
      for (int i = 0; i < 6; i++) {
        client.get("/");
      }
      String p = "outlier_detection.ejections_";
      assertThat(bed.clusterStat(p + "detected_consecutive_5xx")).isEqualTo(1);
      assertThat(bed.clusterStat(p + "overflow")).isEqualTo(1);
      assertThat(bed.clusterStat(p + "active")).isZero();
    }
  }
}
