package heddle.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import heddle.proxy.socket.Transport;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** The requests that a server sends to itself so that the first real one finds its code loaded. */
class WarmUpTest {

  @Test
  void warmingUpSucceedsAndLeavesNoThreadBehind() throws Exception {
    List<Thread> threads = new CopyOnWriteArrayList<>();
    try (var server =
        new ProxyServer(
            1,
            task -> {
              var thread = Thread.ofPlatform().daemon().unstarted(task);
              threads.add(thread);
              return thread;
            },
            Transport.best())) {
      server.warmUp().get(50, TimeUnit.SECONDS);
      assertThat(threads).hasSizeGreaterThanOrEqualTo(2); // its own and its event loop
      Awaitility.await()
          .atMost(20, TimeUnit.SECONDS)
          .until(() -> threads.stream().noneMatch(Thread::isAlive));
    }
  }
}
