package heddle.cluster.node.agent;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import heddle.cluster.informer.ObjectCache;
import heddle.cluster.node.BeforeStop;
import heddle.cluster.object.Metadata;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Waits until no EndpointSlice calls the pod ready any more. */
public final class EndpointsBeforeStop implements BeforeStop {
  private final ObjectCache slices;
  private final Map<String, Waiter> waiting = new ConcurrentHashMap<>();

  private record Waiter(String namespace, CompletableFuture<Void> done) {}

  /**
   * @param slices of EndpointSlices; not started yet
   */
  public EndpointsBeforeStop(ObjectCache slices) {
    this.slices = slices;
    slices.listen(this::changed);
  }

  @Override
  public CompletionStage<Void> leaving(ObjectNode pod) {
    String uid = Metadata.uid(pod);
    Waiter waiter = new Waiter(Metadata.namespace(pod), new CompletableFuture<>());
    waiting.put(uid, waiter);
    check(uid, waiter);
    return waiter.done();
  }

  private void changed(@Nullable ObjectNode before, @Nullable ObjectNode after) {
    ObjectNode slice = after == null ? before : after;
    if (slice == null) {
      return;
    }
    String namespace = Metadata.namespace(slice);
    for (Map.Entry<String, Waiter> entry : List.copyOf(waiting.entrySet())) {
      if (entry.getValue().namespace().equals(namespace)) {
        check(entry.getKey(), entry.getValue());
      }
    }
  }

  private void check(String uid, Waiter waiter) {
    boolean listed =
        slices.in(waiter.namespace()).stream().anyMatch(slice -> listsAsReady(slice, uid));
    if (!listed) {
      waiting.remove(uid);
      waiter.done().complete(null);
    }
  }

  private static boolean listsAsReady(ObjectNode slice, String uid) {
    Iterator<JsonNode> endpoints = slice.path("endpoints").elements();
    while (endpoints.hasNext()) {
      JsonNode endpoint = endpoints.next();
      if (endpoint.path("targetRef").path("uid").asText().equals(uid)
          && endpoint.path("conditions").path("ready").asBoolean(true)) {
        return true;
      }
    }
    return false;
  }
}
