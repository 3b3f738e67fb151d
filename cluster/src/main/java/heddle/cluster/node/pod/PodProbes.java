package heddle.cluster.node.pod;

import com.fasterxml.jackson.databind.JsonNode;
import heddle.cluster.event.EventRecorder.About;
import heddle.cluster.node.container.RunningContainer;
import heddle.cluster.node.probe.Probe;
import heddle.cluster.node.probe.ProbeLoop;
import heddle.cluster.node.probe.Prober;
import heddle.cluster.node.volume.ConfigurationException;
import java.net.Inet4Address;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/** Probes the containers of one pod. */
final class PodProbes {
  private final NodeContext node;
  private final Prober prober;
  private final Inet4Address address;
  private final Consumer<Message> mailbox;

  PodProbes(NodeContext node, Prober prober, Inet4Address address, Consumer<Message> mailbox) {
    this.node = node;
    this.prober = prober;
    this.address = address;
    this.mailbox = mailbox;
  }

  /** Starts the probes of a container that has just started. */
  void begin(ContainerSlot slot, About about) {
    if (slot.spec.has(Probe.Kind.STARTUP.field())) {
      begin(slot, Probe.Kind.STARTUP, about);
    } else {
      afterStartup(slot, about);
    }
  }

  /** Starts the probes that wait for the startup probe. */
  void afterStartup(ContainerSlot slot, About about) {
    begin(slot, Probe.Kind.LIVENESS, about);
    begin(slot, Probe.Kind.READINESS, about);
  }

  private void begin(ContainerSlot slot, Probe.Kind kind, About about) {
    JsonNode tree = slot.spec.tree().path(kind.field());
    RunningContainer container = slot.running;
    if (tree.isMissingNode() || container == null) {
      return;
    }
    try {
      Probe probe = Probe.of(kind, tree, slot.spec.tree());
      slot.probes.add(
          ProbeLoop.start(
              slot.spec.name(),
              probe,
              () -> prober.act(probe.action(), container, address, probe.timeout()),
              new Reporter(slot, slot.run, about),
              node.random()));
    } catch (ConfigurationException e) {
      node.events().warning(about, "Unhealthy", kind.title() + " probe: " + e.getMessage());
    }
  }

  /** Tells the pod's thread what is new, and only that. */
  private final class Reporter implements ProbeLoop.Listener {
    private final ContainerSlot slot;
    private final int run;
    private final About about;
    private final AtomicBoolean good = new AtomicBoolean();

    Reporter(ContainerSlot slot, int run, About about) {
      this.slot = slot;
      this.run = run;
      this.about = about;
    }

    @Override
    public void succeeded(Probe probe) {
      if (!good.getAndSet(true)) {
        mailbox.accept(new Message.Probed(slot, run, probe.kind(), true));
      }
    }

    @Override
    public void failed(Probe probe, String message, boolean thresholdReached) {
      String text = probe.kind().title() + " probe failed: " + message;
      node.events().warning(about, "Unhealthy", text);
      if (thresholdReached) {
        good.set(false);
        mailbox.accept(new Message.Probed(slot, run, probe.kind(), false));
      }
    }
  }
}
