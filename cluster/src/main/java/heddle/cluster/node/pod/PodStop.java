package heddle.cluster.node.pod;

import com.fasterxml.jackson.databind.node.ObjectNode;
import heddle.cluster.node.container.RunningContainer;
import heddle.cluster.object.Metadata;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Stops the containers of a pod that is deleted: once, and sooner when a shorter grace comes. */
final class PodStop {
  private final NodeContext node;
  private final PodContainers containers;
  private final Alarm alarm;
  private final Executor tasks;
  private final Consumer<Message> mailbox;
  private @Nullable Duration grace;
  private final CompletableFuture<Void> gates = new CompletableFuture<>();
  private boolean stopped;

  PodStop(
      NodeContext node,
      PodContainers containers,
      Alarm alarm,
      Executor tasks,
      Consumer<Message> mailbox) {
    this.node = node;
    this.containers = containers;
    this.alarm = alarm;
    this.tasks = tasks;
    this.mailbox = mailbox;
  }

  /** Whether it has begun. */
  boolean begun() {
    return grace != null;
  }

  /** Whether all has stopped. */
  boolean over() {
    return stopped && !containers.anyAlive();
  }

  /**
   * Begins to stop what runs, or hurries.
   *
   * @param hooks null when the pod never had a network, and so nothing that runs
   */
  void step(ObjectNode pod, @Nullable Hooks hooks) {
    Duration wanted =
        Duration.ofSeconds(pod.path("metadata").path("deletionGracePeriodSeconds").asLong(30));
    if (StopGates.open(pod)) {
      gates.complete(null);
    }
    Duration present = grace;
    if (present == null) {
      grace = wanted;
      begin(pod, hooks, wanted);
    } else if (wanted.compareTo(present) < 0) {
      grace = wanted;
      alarm.graceOverAfter(wanted);
    }
  }

  private void begin(ObjectNode pod, @Nullable Hooks hooks, Duration patience) {
    List<Termination.Victim> victims = new ArrayList<>();
    for (ContainerSlot slot : containers.slots()) {
      slot.due = null;
      if (slot.running instanceof RunningContainer container) {
        boolean last = StopOrder.isLast(pod, slot.spec, container);
        victims.add(
            new Termination.Victim(slot.spec, container, containers.about(slot.spec), last));
      }
    }
    if (hooks == null || victims.isEmpty()) {
      stopped = true;
      return;
    }
    CompletionStage<Void> left =
        gates.thenCombine(
            node.beforeStop().leaving(pod.deepCopy()), (open, withdrawn) -> withdrawn);
    Termination termination =
        new Termination(node, Metadata.name(pod), hooks, tasks, left, patience);
    tasks.execute(
        () -> {
          try {
            termination.run(victims);
            mailbox.accept(new Message.Stopped());
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
  }

  /** The last {@link Termination} has ended. */
  void stopped() {
    stopped = true;
  }
}
