package heddle.network;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NetworkJanitorTest {
  @TempDir Path directory;

  @BeforeEach
  void needsNamespaces() {
    Machine.requireNamespaces();
  }

  @Test
  void nothingIsLeftOfAKilledCluster() throws Exception {
    String balancer;
    Path link = NetworkJanitor.names(directory).resolve("server");
    try (ClusterProcess cluster = ClusterProcess.start(directory)) {
      balancer = proveRound(cluster);
      assertThat(link).exists();
      cluster.kill();
    }
    assertThat(Files.isSymbolicLink(link)).isTrue();
    assertThat(Files.exists(link)).isFalse(); // it leads to a descriptor of the dead process

    NetworkJanitor.clean(directory);
    NetworkJanitor.clean(directory);
    assertThat(directory).isEmptyDirectory();

    try (LinuxNodeNetwork next = LinuxNodeNetwork.open(ClusterProcess.options(directory));
        LoadBalancer again = next.addLoadBalancer()) {
      assertThat(again.address().getHostAddress()).isEqualTo(balancer);
    }
  }

  @Test
  void twoProcessesHaveTheSamePodAddressesAndDifferentBalancers(@TempDir Path other)
      throws Exception {
    try (ClusterProcess one = ClusterProcess.start(directory);
        ClusterProcess two = ClusterProcess.start(other)) {
      assertThat(proveRound(one)).isNotEqualTo(proveRound(two));
    }
  }

  @Test
  void ordinaryUserHasAClusterToo() throws Exception {
    Machine.requireTool("unshare");
    Machine.requireTool("setpriv");
    try (ClusterProcess cluster = ClusterProcess.startRootless(directory)) {
      proveRound(cluster);
    }
  }

  /** Reads what the process says of its round trips, and returns its balancer's address. */
  private static String proveRound(ClusterProcess cluster) throws Exception {
    assertThat(cluster.line()).isEqualTo("hello 10.244.0.3");
    assertThat(cluster.line()).isEqualTo("hello 10.244.0.3");
    assertThat(cluster.line()).isEqualTo("hello 169.254.1.2");
    String address = cluster.line();
    assertThat(address).startsWith("127.66.");
    return address;
  }
}
