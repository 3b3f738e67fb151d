package heddle.control.rebuild;

import static org.assertj.core.api.Assertions.assertThat;

import heddle.control.rebuild.RebuildLoop.Timing;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RebuildLoopTest {
  private static final Duration FOREVER = Duration.ofDays(1);

  private final BlockingQueue<String> done = new LinkedBlockingQueue<>();
  private final RebuildLoop.Work work =
      new RebuildLoop.Work() {
        @Override
        public void rebuild() {
          done.add("build");
        }

        @Override
        public void refreshEndpoints() {
          done.add("endpoints");
        }
      };

  private String next() throws InterruptedException {
    return done.poll(20, TimeUnit.SECONDS);
  }

  @Test
  void makesOneBuildOfABurst() throws Exception {
    AtomicLong now = new AtomicLong();
    Timing timing = new Timing(Duration.ofSeconds(1), FOREVER);
    try (RebuildLoop loop = RebuildLoop.start(work, timing, now::get)) {
      for (int i = 0; i < 100; i++) {
        loop.meshChanged();
      }
      loop.endpointsChanged();
      assertThat(next()).as("nothing is built yet").isEqualTo("endpoints");

      now.set(Duration.ofSeconds(1).toNanos());
      loop.endpointsChanged();

      assertThat(next()).isEqualTo("build");
      loop.endpointsChanged();
      assertThat(next()).isEqualTo("endpoints");
    }
  }

  @Test
  void buildsAtTheCeilingThoughChangesGoOn() throws Exception {
    AtomicLong now = new AtomicLong();
    Timing timing = new Timing(Duration.ofSeconds(10), Duration.ofSeconds(30));
    try (RebuildLoop loop = RebuildLoop.start(work, timing, now::get)) {
      for (int second = 0; second < 30; second += 5) {
        now.set(Duration.ofSeconds(second).toNanos());
        loop.meshChanged();
      }
      loop.endpointsChanged();
      assertThat(next()).isEqualTo("endpoints");

      now.set(Duration.ofSeconds(30).toNanos());
      loop.meshChanged();

      assertThat(next()).isEqualTo("build");
    }
  }

  @Test
  void letsEndpointsOvertakeABuildThatWaits() throws Exception {
    try (RebuildLoop loop =
        RebuildLoop.start(work, new Timing(FOREVER, FOREVER), System::nanoTime)) {
      loop.meshChanged();
      loop.endpointsChanged();

      assertThat(next()).isEqualTo("endpoints");
    }
  }

  @Test
  void buildsAtOnceForWhoeverNeedsTheLatestState() throws Exception {
    try (RebuildLoop loop =
        RebuildLoop.start(work, new Timing(FOREVER, FOREVER), System::nanoTime)) {
      assertThat(loop.settle(Duration.ZERO)).as("nothing to do").isTrue();
      loop.meshChanged();

      assertThat(loop.settle(Duration.ofSeconds(20))).isTrue();

      assertThat(done).containsExactly("build");
    }
  }

  @Test
  void goesOnAfterABuildThatFailed() throws Exception {
    CountDownLatch third = new CountDownLatch(3);
    RebuildLoop.Work fails =
        new RebuildLoop.Work() {
          @Override
          public void rebuild() {
            third.countDown();
            if (third.getCount() == 2) {
              throw new IllegalStateException("broken");
            }
            throw new StackOverflowError();
          }

          @Override
          public void refreshEndpoints() {}
        };
    Timing atOnce = new Timing(Duration.ZERO, Duration.ZERO);
    try (RebuildLoop loop = RebuildLoop.start(fails, atOnce, System::nanoTime)) {
      loop.meshChanged();
      assertThat(loop.settle(Duration.ofSeconds(20))).isTrue();
      loop.meshChanged();
      assertThat(loop.settle(Duration.ofSeconds(20))).isTrue();
      loop.meshChanged();

      assertThat(third.await(20, TimeUnit.SECONDS)).isTrue();
    }
  }
}
