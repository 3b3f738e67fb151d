package heddle.control.publish;

import heddle.control.inject.SidecarInjector;
import heddle.kube.KubeApi;
import heddle.kube.KubeObject;
import heddle.kube.loop.ControllerLoop;
import heddle.kube.loop.Outcome;
import heddle.kube.status.Condition;
import heddle.kube.status.PodConditions;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Tells pods that are deleted when no data plane sends them new requests any more: when all have
 * accepted endpoints without them. The word is a condition of the pod, for which whoever stops its
 * containers waits; see {@link SidecarInjector#STOP_GATE}.
 */
public final class Withdrawals implements AutoCloseable {
  private final PodConditions conditions;
  private final ControllerLoop loop;

  /** By uid, from the time when their endpoints went out until the condition is written. */
  private final Map<String, KubeObject> told = new ConcurrentHashMap<>();

  /** Starts the writer. */
  public Withdrawals(KubeApi api, InstantSource clock, LongSupplier ticker) {
    this.conditions = new PodConditions(api, clock);
    this.loop = ControllerLoop.start("withdrawals", 2, this::write, ticker);
  }

  /**
   * Publishes, then lets the pods know that the publication leaves out.
   *
   * @param pods those whose deletion has begun, as they are seen before the publication
   * @param publication of endpoints without any pod that is being deleted
   * @param accepted asked after the publication, if need be: completes when every data plane has
   *     accepted it
   */
  public void around(
      Collection<KubeObject> pods, Runnable publication, Supplier<CompletionStage<Void>> accepted) {
    if (!told.isEmpty()) {
      told.keySet().retainAll(pods.stream().map(KubeObject::uid).toList());
    }
    List<KubeObject> leaving =
        pods.stream().filter(Withdrawals::waits).filter(p -> !told.containsKey(p.uid())).toList();
    publication.run();
    if (!leaving.isEmpty()) {
      leaving.forEach(pod -> told.put(pod.uid(), pod));
      CompletionStage<Void> unused =
          accepted.get().thenRun(() -> leaving.forEach(pod -> loop.enqueue(pod.uid())));
    }
  }

  private static boolean waits(KubeObject pod) {
    return pod.deleting()
        && pod.annotations()
            .getOrDefault(SidecarInjector.STOP_GATES, "")
            .contains(SidecarInjector.STOP_GATE)
        && !pod.isTrue(SidecarInjector.STOP_GATE);
  }

  private Outcome write(String uid) {
    KubeObject pod = told.get(uid);
    if (pod != null) {
      conditions.set(
          pod,
          new Condition(
              SidecarInjector.STOP_GATE,
              true,
              "Accepted",
              "every data plane has accepted endpoints without the pod"));
    }
    return Outcome.done();
  }

  @Override
  public void close() {
    loop.close();
  }
}
