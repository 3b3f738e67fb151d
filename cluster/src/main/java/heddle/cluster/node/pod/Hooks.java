package heddle.cluster.node.pod;

import heddle.cluster.node.container.RunningContainer;
import heddle.cluster.node.probe.Action;
import heddle.cluster.node.probe.ProbeResult;
import heddle.cluster.node.probe.Prober;
import heddle.cluster.node.volume.ConfigurationException;
import java.net.Inet4Address;
import java.time.Duration;
import java.util.Optional;

/** Runs {@code postStart} and {@code preStop}. */
final class Hooks {
  private final Prober prober;
  private final Inet4Address pod;

  Hooks(Prober prober, Inet4Address pod) {
    this.prober = prober;
    this.pod = pod;
  }

  /**
   * Runs a hook to its end.
   *
   * @param hook {@code postStart} or {@code preStop}
   * @return what went wrong, or empty; also empty when there is no such hook
   */
  Optional<String> run(String hook, ContainerSpec spec, RunningContainer container, Duration atMost)
      throws InterruptedException {
    var handler = spec.tree().path("lifecycle").path(hook);
    if (handler.isEmpty()) {
      return Optional.empty();
    }
    try {
      ProbeResult result = prober.act(Action.of(handler, spec.tree()), container, pod, atMost);
      return result.success()
          ? Optional.empty()
          : Optional.of(
              hook + " hook of container " + spec.name() + " failed: " + result.message());
    } catch (ConfigurationException e) {
      return Optional.of(hook + " hook of " + e.getMessage());
    }
  }

  static boolean has(String hook, ContainerSpec spec) {
    return !spec.tree().path("lifecycle").path(hook).isEmpty();
  }
}
