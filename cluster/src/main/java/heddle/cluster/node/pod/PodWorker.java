package heddle.cluster.node.pod;

import com.fasterxml.jackson.databind.node.ObjectNode;
import heddle.cluster.object.Metadata;
import heddle.network.PodNetwork;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs one pod from its binding to its end. All decisions are made on one virtual thread, which
 * takes messages from a mailbox, acts, and writes the status when it differs; whatever blocks runs
 * beside it and answers by message.
 */
public final class PodWorker {
  private static final Logger LOG = LoggerFactory.getLogger(PodWorker.class);

  private final String uid;
  private final String name;
  private final Consumer<PodWorker> onEnd;
  private final BlockingQueue<Message> mailbox = new LinkedBlockingQueue<>();
  private final ExecutorService tasks;
  private final CountDownLatch finished = new CountDownLatch(1);
  private final PodLife life;
  private volatile List<ContainerView> views;

  /**
   * Takes over a pod, without doing anything yet. If its status says that it ran before, its
   * containers count one more restart, as after the reboot of a node.
   *
   * @param onEnd called when the pod has ended
   */
  public PodWorker(NodeContext node, ObjectNode pod, Consumer<PodWorker> onEnd) {
    this.uid = Metadata.uid(pod);
    this.name = Metadata.namespace(pod) + "/" + Metadata.name(pod);
    this.onEnd = onEnd;
    this.tasks =
        Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("pod-" + name + "-", 0).factory());
    this.life = new PodLife(node, pod, mailbox, tasks);
    this.views = life.views();
  }

  /** Starts running the pod. */
  public void start() {
    Thread.ofVirtual().name("pod-" + name).start(this::run);
  }

  public String uid() {
    return uid;
  }

  public void updated(ObjectNode changed) {
    mailbox.add(new Message.Updated(changed));
  }

  /** The pod was removed from the API: everything of it ends at once. */
  public void gone() {
    mailbox.add(new Message.Gone());
  }

  /** A ConfigMap or Secret of its namespace changed. */
  public void refresh() {
    mailbox.add(new Message.Refresh());
  }

  /** Ends the containers but leaves the pod in the API; returns at once. */
  public void shutdown() {
    mailbox.add(new Message.Shutdown());
  }

  /**
   * Waits for the end.
   *
   * @return false when it takes longer
   */
  public boolean awaitEnd(Duration atMost) throws InterruptedException {
    return finished.await(atMost.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** The containers as they stand, in the order of the manifest, init containers first. */
  public List<ContainerView> containers() {
    return views;
  }

  /** The pod's network, once it has one. */
  public Optional<PodNetwork> network() {
    return Optional.ofNullable(life.sandbox().joined()).map(PodSandbox.Joined::network);
  }

  private void run() {
    try {
      turn(List.of(new Message.Wake()));
      while (!life.ended()) {
        List<Message> batch = new ArrayList<>();
        batch.add(mailbox.take());
        mailbox.drainTo(batch);
        turn(batch);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      tasks.close();
      finished.countDown();
      onEnd.accept(this);
    }
  }

  private void turn(List<Message> batch) {
    batch.forEach(message -> guarded(() -> life.hear(message)));
    guarded(this::step);
  }

  private void step() {
    life.step();
    views = life.views();
    life.report();
  }

  /** One failure must not cost the other messages, nor the worker its thread. */
  private void guarded(Runnable action) {
    try {
      action.run();
    } catch (RuntimeException | Error e) {
      LOG.warn("pod {}: trying again", name, e);
      life.tryAgain();
    }
  }
}
