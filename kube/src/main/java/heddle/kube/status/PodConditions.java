package heddle.kube.status;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import heddle.kube.KubeApi;
import heddle.kube.KubeException;
import heddle.kube.KubeKind;
import heddle.kube.KubeObject;
import heddle.kube.PatchType;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;

/**
 * Sets conditions of pods that others wait for, such as readiness gates. What the node agent writes
 * at the same time stays.
 */
public final class PodConditions {
  private final KubeApi api;
  private final InstantSource clock;

  public PodConditions(KubeApi api, InstantSource clock) {
    this.api = api;
    this.clock = clock;
  }

  /**
   * Sets a condition of this very pod; one that is gone, or another one of its name, is left alone.
   *
   * @throws KubeException if the server refuses
   */
  public void set(KubeObject pod, Condition condition) {
    ObjectNode patch = JsonNodeFactory.instance.objectNode();
    patch.putObject("metadata").put("uid", pod.uid());
    patch
        .putObject("status")
        .putArray("conditions")
        .addObject()
        .put("type", condition.type())
        .put("status", condition.status())
        .put("reason", condition.reason())
        .put("message", condition.message())
        .put("lastTransitionTime", clock.instant().truncatedTo(ChronoUnit.SECONDS).toString());
    try {
      KubeObject unused =
          api.patch(
              KubeKind.POD, pod.namespace(), pod.name(), "status", PatchType.STRATEGIC, patch);
    } catch (KubeException e) {
      if (!e.notFound() && !e.conflict()) {
        throw e;
      }
    }
  }
}
