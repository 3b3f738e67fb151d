package heddle.cluster.node.pod;

import com.fasterxml.jackson.databind.node.ObjectNode;
import heddle.cluster.event.EventRecorder.About;
import heddle.cluster.node.probe.Prober;
import heddle.cluster.node.volume.ConfigurationException;
import heddle.cluster.node.volume.PodVolumes;
import heddle.network.NetworkException;
import heddle.network.PodNetwork;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What a pod's containers share: its network, files and volumes. */
final class PodSandbox {
  private final NodeContext node;
  private final PodDirectory directory;
  private final About about;
  private final Consumer<Message> mailbox;
  private final PodVolumes volumes;
  private final Prober prober;
  private volatile @Nullable Joined joined;

  /** What exists once the pod has its network. */
  record Joined(PodNetwork network, ContainerStarter starter, Hooks hooks, PodProbes probes) {}

  PodSandbox(NodeContext node, PodDirectory directory, About about, Consumer<Message> mailbox) {
    this.node = node;
    this.directory = directory;
    this.about = about;
    this.mailbox = mailbox;
    this.prober = new Prober(node.network());
    this.volumes =
        new PodVolumes(
            directory.volumes(), node.objects(), node.tokens(), node.allocatable(), node.clock());
  }

  /** Makes what is missing; empty, with an event that says why, when that must be tried again. */
  Optional<Joined> prepare(ObjectNode pod) {
    try {
      Joined present = joined;
      if (present == null) {
        present = join(pod);
        joined = present;
      }
      volumes.refresh(pod);
      return Optional.of(present);
    } catch (ConfigurationException e) {
      node.events().warning(about, "FailedMount", "MountVolume.SetUp failed: " + e.getMessage());
    } catch (NetworkException | IOException e) {
      node.events()
          .warning(
              about, "FailedCreatePodSandBox", "Failed to create pod sandbox: " + e.getMessage());
    }
    return Optional.empty();
  }

  private Joined join(ObjectNode pod) throws IOException {
    PodNetwork network = node.network().addPod(about.uid());
    try {
      PodEtc etc = new PodEtc(pod, directory.etc());
      etc.write(network.address(), node.network().nameServer());
      return new Joined(
          network,
          new ContainerStarter(node, directory, network, etc, volumes),
          new Hooks(prober, network.address()),
          new PodProbes(node, prober, network.address(), mailbox));
    } catch (IOException e) {
      node.network().removePod(about.uid());
      throw e;
    }
  }

  /** When the pod's tokens must be renewed by {@link #prepare}. */
  Optional<Instant> renewal() {
    return volumes.renewal();
  }

  /** What exists; null before the first {@link #prepare} and after {@link #leave}. */
  @Nullable Joined joined() {
    return joined;
  }

  /** Gives the network back. The files stay. */
  void leave() {
    if (joined != null) {
      joined = null;
      node.network().removePod(about.uid());
    }
  }
}
