package heddle.cluster.node.pod;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sends a pod's thread messages later. */
record Alarm(NodeContext node, Consumer<Message> mailbox) {
  private static final Logger LOG = LoggerFactory.getLogger(Alarm.class);

  void wakeAt(Instant when) {
    wakeAfter(Duration.between(node.clock().instant(), when));
  }

  void wakeAfter(Duration delay) {
    send(new Message.Wake(), Math.max(1, delay.toMillis() + 1));
  }

  void graceOverAfter(Duration delay) {
    send(new Message.GraceOver(), delay.toMillis());
  }

  private void send(Message message, long millis) {
    try {
      node.timer().schedule(() -> mailbox.accept(message), millis, TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      LOG.debug("the node agent closes", e);
    }
  }
}
