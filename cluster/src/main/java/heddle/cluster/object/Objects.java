package heddle.cluster.object;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The API without HTTP, for controllers and the node agent of this process: the same defaulting,
 * validation, admission, revisions and watches as a request gets, acting as {@code system:masters}.
 *
 * <p>Returned trees are the caller's own to change. Every write that is acknowledged is on disk.
 * Failures are {@link ApiException} with the status that HTTP would answer.
 */
public interface Objects {

  /**
   * @param namespace null for cluster-scoped types
   */
  Optional<ObjectNode> get(ResourceType type, @Nullable String namespace, String name);

  /**
   * @param namespace null for all namespaces
   */
  ObjectList list(ResourceType type, @Nullable String namespace);

  /** Creates from an object that carries its own metadata (name or generateName, namespace). */
  ObjectNode create(ResourceType type, ObjectNode object);

  /** Replaces; a stale {@code metadata.resourceVersion} is a Conflict. */
  ObjectNode update(ResourceType type, ObjectNode object);

  /** Replaces the status alone; a stale {@code metadata.resourceVersion} is a Conflict. */
  ObjectNode updateStatus(ResourceType type, ObjectNode object);

  /**
   * Reads, changes and writes until no other writer interferes. The change may be applied more than
   * once. Returning an equal tree writes nothing.
   *
   * @return the stored object, or empty when it does not exist
   */
  Optional<ObjectNode> modify(
      ResourceType type, @Nullable String namespace, String name, UnaryOperator<ObjectNode> change);

  /** As {@link #modify}, for the status subresource. */
  Optional<ObjectNode> modifyStatus(
      ResourceType type, @Nullable String namespace, String name, UnaryOperator<ObjectNode> change);

  /** Deletes as {@code options} say; deleting what does not exist is a NotFound. */
  void delete(ResourceType type, @Nullable String namespace, String name, DeleteOptions options);

  /**
   * Calls back for every change after {@code revision}, in order, on one virtual thread per watch.
   * A callback that falls too far behind gets {@link WatchEvent.Type#EXPIRED} and the watch ends.
   */
  Watch watch(ResourceType type, @Nullable String namespace, long revision, WatchListener listener);

  /** Every type that is served now, built-in and custom, each once under its storage version. */
  List<ResourceType> types();

  /** A list and the revision from which to watch on. */
  record ObjectList(long revision, List<ObjectNode> items) {}

  /** Receives the events of one watch. */
  interface WatchListener {
    void event(WatchEvent event);
  }

  /** A running watch. */
  interface Watch extends AutoCloseable {
    @Override
    void close();
  }
}
