package heddle.cluster.node.pod;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import heddle.cluster.object.Metadata;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where a pod stands in its life:
 *
 * <pre>
 * Living ──▶ Done ──▶ Leaving ──▶ Ended
 *    └──────────────────▲
 * </pre>
 *
 * A pod never goes back. Removed by force, or with its node agent, it is at its end at once.
 */
sealed interface Stage {

  /** Containers start, and start again, as they are due. */
  record Living() implements Stage {}

  /**
   * It came to its end by itself: nothing starts any more.
   *
   * @param failure why it failed as a whole; null when its containers' ends say it all
   */
  record Done(PodStatus.@Nullable Failure failure) implements Stage {}

  /** It is deleted: its containers stop. */
  record Leaving(PodStatus.@Nullable Failure failure) implements Stage {}

  /** Nothing of it runs on this node. */
  record Ended() implements Stage {}

  /** Where it stands after what was heard. */
  static Stage next(Stage stage, ObjectNode pod, PodContainers containers, Instant now) {
    return switch (stage) {
      case Living living when Metadata.deleting(pod) -> new Leaving(null);
      case Living living when containers.done(RestartPolicy.of(pod)) -> new Done(null);
      case Living living when deadline(pod).filter(at -> !now.isBefore(at)).isPresent() ->
          new Done(
              new PodStatus.Failure(
                  "DeadlineExceeded",
                  "Pod was active on the node longer than the specified deadline"));
      case Done(var failure) when Metadata.deleting(pod) -> new Leaving(failure);
      default -> stage;
    };
  }

  /** When a pod has run for longer than it may. */
  static Optional<Instant> deadline(ObjectNode pod) {
    JsonNode seconds = pod.path("spec").path("activeDeadlineSeconds");
    String since = pod.path("status").path("startTime").asText("");
    return seconds.isNumber() && !since.isEmpty()
        ? Optional.of(Instant.parse(since).plusSeconds(seconds.asLong()))
        : Optional.empty();
  }

  /** Why a pod failed as a whole, or null. */
  default PodStatus.@Nullable Failure failure() {
    return null;
  }
}
