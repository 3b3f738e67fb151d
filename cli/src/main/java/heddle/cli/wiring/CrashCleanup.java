package heddle.cli.wiring;

import heddle.cli.home.ClusterHome;
import heddle.cluster.node.agent.NodeJanitor;
import heddle.network.NetworkJanitor;
import java.io.IOException;

/** Removes what a killed cluster left: processes of pods, names of namespaces. */
public record CrashCleanup(ClusterHome home) {

  public static CrashCleanup of(ClusterHome home) {
    return new CrashCleanup(home);
  }

  /** Does nothing where nothing is left. The caller has made sure that the cluster is down. */
  public void run() throws IOException {
    new NodeJanitor(home.pods()).killLeftovers();
    NetworkJanitor.clean(home.network());
  }
}
