package heddle.cluster.node.pod;

import com.fasterxml.jackson.databind.node.ObjectNode;
import heddle.cluster.event.EventRecorder.About;
import heddle.images.Image;
import java.time.Duration;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One start of a container, on a thread of its own; the pod's thread hears how it went.
 *
 * @param run tells the messages of this run from others'
 * @param log number of the run's log
 * @param pod with its addresses in the status
 */
record ContainerStart(
    NodeContext node,
    About about,
    ContainerSlot slot,
    int run,
    int log,
    ObjectNode pod,
    PodSandbox.Joined sandbox,
    Consumer<Message> mailbox)
    implements ContainerStarter.Progress {
  private static final Logger LOG = LoggerFactory.getLogger(ContainerStart.class);
  private static final Duration HOOK = Duration.ofMinutes(10);

  /** Starts it; returns when it runs and its postStart hook has ended. */
  void begin() {
    try {
      mailbox.accept(new Message.Started(slot, run, start()));
    } catch (StartException e) {
      mailbox.accept(new Message.NotStarted(slot, run, e));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      LOG.warn("{} did not start", about, e);
      mailbox.accept(
          new Message.NotStarted(slot, run, new StartException("StartError", e.toString())));
    }
  }

  private ContainerStarter.Started start() throws StartException, InterruptedException {
    ContainerSpec spec = slot.spec;
    ContainerStarter.Started started = sandbox.starter().start(pod, spec, log, this);
    node.events().normal(about, "Started", "Started container " + spec.name());
    var failure = sandbox.hooks().run("postStart", spec, started.container(), HOOK);
    if (failure.isPresent()) {
      node.events().warning(about, "FailedPostStartHook", failure.get());
      started.container().kill();
    }
    return started;
  }

  @Override
  public void pulled(Image image) {
    node.events()
        .normal(
            about, "Pulled", "Container image \"" + image.reference() + "\": " + image.origin());
  }

  @Override
  public void created() {
    node.events().normal(about, "Created", "Created container " + slot.spec.name());
  }
}
