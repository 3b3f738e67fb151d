package heddle.differential;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Points at which upstreams wait until a step releases them. */
final class Gates {
  private final Map<String, CountDownLatch> gates = new ConcurrentHashMap<>();

  private CountDownLatch gate(String name) {
    return gates.computeIfAbsent(name, n -> new CountDownLatch(1));
  }

  void release(String name) {
    gate(name).countDown();
  }

  void await(String name) throws InterruptedException {
    if (!gate(name).await(60, TimeUnit.SECONDS)) {
      throw new ScenarioException("gate " + name + " was not released within a minute");
    }
  }
}
