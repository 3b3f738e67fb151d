package heddle.kube.loop;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class ControllerLoopTest {

  @Test
  void runsAKeyOnceHoweverOftenItIsAdded() throws Exception {
    WorkQueue queue = new WorkQueue(System::nanoTime);
    queue.add("a");
    queue.add("a");
    queue.add("b");

    assertThat(queue.take()).contains("a");
    queue.add("a");
    assertThat(queue.take()).contains("b");
    queue.done("a");
    assertThat(queue.take()).as("added while it was worked on").contains("a");
    queue.close();
    assertThat(queue.take()).isEqualTo(Optional.empty());
  }

  @Test
  void bringsADelayedKeyOnlyWhenItIsDue() throws Exception {
    AtomicLong now = new AtomicLong();
    WorkQueue queue = new WorkQueue(now::get);
    queue.addAfter("late", Duration.ofMinutes(2));
    queue.addAfter("late", Duration.ofMinutes(1));
    queue.addAfter("soon", Duration.ofSeconds(1));
    now.set(Duration.ofSeconds(1).toNanos());
    assertThat(queue.take()).contains("soon");
    now.set(Duration.ofMinutes(1).toNanos());

    assertThat(queue.take()).contains("late");
  }

  @Test
  void triesAFailedKeyAgainUntilItSucceeds() throws Exception {
    AtomicInteger runs = new AtomicInteger();
    CountDownLatch done = new CountDownLatch(1);
    Reconciler thirdTimeLucky =
        key -> {
          switch (runs.incrementAndGet()) {
            case 1 -> throw new IllegalStateException("not yet");
            case 2 -> {
              return new Outcome.Failed(new IllegalStateException("nor now"));
            }
            default -> done.countDown();
          }
          return Outcome.done();
        };
    try (ControllerLoop loop = ControllerLoop.start("test", 2, thirdTimeLucky, System::nanoTime)) {
      loop.enqueue("default/a");

      assertThat(done.await(20, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void leavesARejectedKeyAloneUntilItIsAddedAgain() {
    AtomicInteger runs = new AtomicInteger();
    try (ControllerLoop loop =
        ControllerLoop.start(
            "test",
            1,
            key -> {
              runs.incrementAndGet();
              return new Outcome.Rejected("spec.weight: 101 (expected: 0 to 100)");
            },
            System::nanoTime)) {
      loop.enqueue("default/a");
      Awaitility.await().until(() -> runs.get() == 1);
      loop.enqueue("default/a");

      Awaitility.await().until(() -> runs.get() == 2);
    }
  }
}
