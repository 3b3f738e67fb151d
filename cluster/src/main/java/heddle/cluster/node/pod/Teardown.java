package heddle.cluster.node.pod;

import heddle.cluster.node.container.RunningContainer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/** Kills what runs of a pod, and what is about to, when nobody waits for it any more. */
final class Teardown {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private Teardown() {}

  /**
   * Returns when all have ended, or will not.
   *
   * @param mailbox of the pod, where starts that are on their way announce themselves
   */
  static void run(List<ContainerSlot> slots, BlockingQueue<Message> mailbox)
      throws InterruptedException {
    slots.forEach(ContainerSlot::closeProbes);
    for (RunningContainer container : runningOrStarting(slots, mailbox)) {
      container.kill();
      Termination.await(container.exit(), PATIENCE);
    }
  }

  private static List<RunningContainer> runningOrStarting(
      List<ContainerSlot> slots, BlockingQueue<Message> mailbox) throws InterruptedException {
    List<RunningContainer> running = new ArrayList<>();
    for (ContainerSlot slot : slots) {
      if (slot.running instanceof RunningContainer container) {
        running.add(container);
      }
    }
    while (slots.stream().anyMatch(slot -> slot.starting)) {
      switch (mailbox.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        case null -> {
          return running;
        }
        case Message.Started started -> {
          started.slot().starting = false;
          running.add(started.what().container());
        }
        case Message.NotStarted failed -> failed.slot().starting = false;
        default -> {}
      }
    }
    return running;
  }
}
