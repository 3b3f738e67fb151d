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

  record NotStarted(ContainerSlot slot, int run, StartException why) implements Message {}

  record Exited(ContainerSlot slot, int run, int code) implements Message {}

  record Probed(
      ContainerSlot slot, int run, Probe.Kind kind, boolean success, String text, boolean counts)
      implements Message {}

  /** Every container has ended after a deletion. */
  record Stopped() implements Message {}

  /** The node agent closes; the pod stays in the API. */
  record Shutdown() implements Message {}
}
