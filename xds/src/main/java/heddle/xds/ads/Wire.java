package heddle.xds.ads;

import heddle.xds.ResourceType;
import heddle.xds.snapshot.VersionedResource;
import io.grpc.Status;
import java.util.Collection;
import java.util.List;

/** How a stream puts an update into messages: state of the world or delta. */
sealed interface Wire permits SotwWire, DeltaWire {

  /** Sends an update. Never called by two threads at once. */
  void send(Update update);

  /** Ends the stream. */
  void fail(Status status);

  /** Whether a change is worth a message in this protocol. */
  boolean carries(Update update);

  /** Whether this is the incremental protocol. */
  boolean delta();

  /**
   * The next step for a node.
   *
   * @param all what the node should have of the type when it has taken the update
   * @param changed those of them that it lacks
   * @param removed names it has and should not
   */
  record Update(
      ResourceType type,
      String version,
      String nonce,
      Collection<VersionedResource> all,
      List<VersionedResource> changed,
      List<String> removed) {}
}
