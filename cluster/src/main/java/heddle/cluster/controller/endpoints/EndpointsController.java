package heddle.cluster.controller.endpoints;

import com.fasterxml.jackson.databind.node.ObjectNode;
import heddle.cluster.controller.pods.PodFacts;
import heddle.cluster.informer.Key;
import heddle.cluster.informer.Kinds;
import heddle.cluster.informer.LabelSelector;
import heddle.cluster.informer.ObjectCache;
import heddle.cluster.informer.Reconciler;
import heddle.cluster.object.ApiException;
import heddle.cluster.object.DeleteOptions;
import heddle.cluster.object.Metadata;
import heddle.cluster.object.Objects;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Writes, for every service with a selector, its Endpoints and EndpointSlices. A pod that is being
 * deleted leaves the ready ones at once. Services without a selector are left to whoever writes
 * their Endpoints, and to {@link EndpointsMirror}.
 */
public final class EndpointsController implements Reconciler {

  private final Objects objects;
  private final ObjectCache services;
  private final ObjectCache pods;
  private final ObjectCache slices;

  public EndpointsController(
      Objects objects, ObjectCache services, ObjectCache pods, ObjectCache slices) {
    this.objects = objects;
    this.services = services;
    this.pods = pods;
    this.slices = slices;
  }

  /** Tells which services a change of a pod may concern. */
  public void affected(
      @Nullable ObjectNode before, @Nullable ObjectNode after, Consumer<Key> services) {
    ObjectNode pod = after != null ? after : before;
    if (pod == null) {
      return;
    }
    for (ObjectNode service : this.services.in(Metadata.namespace(pod))) {
      LabelSelector selector = selector(service);
      if (!selector.isEmpty() && (selects(selector, before) || selects(selector, after))) {
        services.accept(Key.of(service));
      }
    }
  }

  private static boolean selects(LabelSelector selector, @Nullable ObjectNode pod) {
    return pod != null && selector.matches(Metadata.labels(pod));
  }

  private static LabelSelector selector(ObjectNode service) {
    return LabelSelector.ofLabels(service.path("spec").path("selector"));
  }

  @Override
  public Optional<Duration> reconcile(Key key) {
    Optional<ObjectNode> service = services.get(key);
    if (service.isEmpty() || Metadata.deleting(service.get())) {
      remove(key); // The slices go with their owner, by garbage collection.
      return Optional.empty();
    }
    LabelSelector selector = selector(service.get());
    boolean external = service.get().path("spec").path("type").asText().equals("ExternalName");
    if (selector.isEmpty() || external) {
      return Optional.empty();
    }
    List<ObjectNode> members =
        pods.in(key.namespace()).stream()
            .filter(pod -> selector.matches(Metadata.labels(pod)))
            .filter(pod -> !PodFacts.finished(pod) && !PodFacts.address(pod).isEmpty())
            .toList();
    List<EndpointGroup> groups = EndpointGroup.of(service.get(), members);
    // Slices first: the mesh and the service rules read them.
    writeSlices(service.get(), groups);
    EndpointObjects.write(
        objects, Kinds.ENDPOINTS, EndpointObjects.endpoints(service.get(), groups));
    return Optional.empty();
  }

  private void remove(Key key) {
    try {
      objects.delete(Kinds.ENDPOINTS, key.namespace(), key.name(), DeleteOptions.background());
    } catch (ApiException e) {
      if (e.code() != 404) {
        throw e;
      }
    }
  }

  private void writeSlices(ObjectNode service, List<EndpointGroup> groups) {
    Set<String> wanted = new HashSet<>();
    for (EndpointGroup group : groups) {
      ObjectNode slice = EndpointObjects.slice(service, group);
      wanted.add(Metadata.name(slice));
      EndpointObjects.write(objects, Kinds.ENDPOINT_SLICES, slice);
    }
    for (ObjectNode slice : slices.in(Metadata.namespace(service))) {
      Map<String, String> labels = Metadata.labels(slice);
      if (EndpointObjects.MANAGER.equals(labels.get(EndpointObjects.MANAGED_BY))
          && Metadata.name(service).equals(labels.get(EndpointObjects.SERVICE_NAME))
          && !wanted.contains(Metadata.name(slice))) {
        // An empty slice stays: consumers must hear that the endpoints are gone, not guess it.
        EndpointObjects.write(objects, Kinds.ENDPOINT_SLICES, EndpointObjects.emptied(slice));
      }
    }
  }
}
