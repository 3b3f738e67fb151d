package heddle.xds.grpc;

import heddle.xds.grpc.Client.Reply;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Calls without a pause, from several threads, until it is closed. */
final class Traffic implements AutoCloseable {
  private final List<Thread> threads = new ArrayList<>();
  private final List<Reply> failures = new CopyOnWriteArrayList<>();
  private volatile boolean over;

  Traffic(Client client, int callers) {
    for (int i = 0; i < callers; i++) {
      threads.add(Thread.ofPlatform().name("caller-" + i).unstarted(() -> run(client)));
    }
  }

  void start() {
    threads.forEach(Thread::start);
  }

  private void run(Client client) {
    while (!over) {
      Reply reply = client.call();
      if (!reply.status().isOk() && !over) {
        failures.add(reply);
      }
    }
  }

  /** The calls that have failed until now. */
  List<Reply> failures() {
    return List.copyOf(failures);
  }

  @Override
  public void close() throws InterruptedException {
    over = true;
    for (Thread thread : threads) {
      thread.join();
    }
  }
}
