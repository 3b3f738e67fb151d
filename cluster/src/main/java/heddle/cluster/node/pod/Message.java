package heddle.cluster.node.pod;

import com.fasterxml.jackson.databind.node.ObjectNode;
import heddle.cluster.node.probe.Probe;

/** What a pod's thread hears about. A run number tells a container's runs apart. */
sealed interface Message {

  /** The pod changed in the API. */
  record Updated(ObjectNode pod) implements Message {}

  /** The pod is gone from the API. */
  record Gone() implements Message {}

  /** Something may be due. */
  record Wake() implements Message {}

  /** A ConfigMap or Secret changed. */
  record Refresh() implements Message {}

  record Started(ContainerSlot slot, int run, ContainerStarter.Started what) implements Message {}

  /** Of no interest once a later run has begun. */
  sealed interface OfRun extends Message {
    ContainerSlot slot();

    int run();
  }

  record NotStarted(ContainerSlot slot, int run, StartException why) implements OfRun {}

  record Exited(ContainerSlot slot, int run, int code) implements OfRun {}

  /** A probe reached one of its thresholds. */
  record Probed(ContainerSlot slot, int run, Probe.Kind kind, boolean success) implements OfRun {
    boolean readiness() {
      return kind == Probe.Kind.READINESS;
    }
  }

  /** The grace that remained when a deletion was made shorter is over. */
  record GraceOver() implements Message {}

  /** Every container has ended after a deletion. */
  record Stopped() implements Message {}

  /** The node agent closes; the pod stays in the API. */
  record Shutdown() implements Message {}
}
