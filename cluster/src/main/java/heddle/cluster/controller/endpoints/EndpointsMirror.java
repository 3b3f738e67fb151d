package heddle.cluster.controller.endpoints;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import heddle.cluster.controller.pods.Ownership;
import heddle.cluster.informer.Key;
import heddle.cluster.informer.Kinds;
import heddle.cluster.informer.ObjectCache;
import heddle.cluster.informer.Reconciler;
import heddle.cluster.object.Metadata;
import heddle.cluster.object.Objects;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * Mirrors the Endpoints that someone wrote by hand for a service without a selector into
 * EndpointSlices, which everyone else reads (Kubernetes: the EndpointSlice mirroring controller).
 */
public final class EndpointsMirror implements Reconciler {
  private static final String MANAGER = "endpointslicemirroring-controller.k8s.io";
  private static final String SKIP = "endpointslice.kubernetes.io/skip-mirror";

  private final Objects objects;
  private final ObjectCache services;
  private final ObjectCache endpoints;
  private final ObjectCache slices;

  public EndpointsMirror(
      Objects objects, ObjectCache services, ObjectCache endpoints, ObjectCache slices) {
    this.objects = objects;
    this.services = services;
    this.endpoints = endpoints;
    this.slices = slices;
  }

  @Override
  public Optional<Duration> reconcile(Key key) {
    Optional<ObjectNode> service =
        services.get(key).filter(s -> s.path("spec").path("selector").isEmpty());
    Optional<ObjectNode> written =
        endpoints.get(key).filter(e -> !"true".equals(Metadata.labels(e).get(SKIP)));
    Set<String> wanted = new HashSet<>();
    if (service.isPresent() && written.isPresent()) {
      int number = 0;
      for (JsonNode subset : written.get().path("subsets")) {
        ObjectNode slice = slice(service.get(), written.get(), subset, number++);
        wanted.add(Metadata.name(slice));
        EndpointObjects.write(objects, Kinds.ENDPOINT_SLICES, slice);
      }
    }
    for (ObjectNode slice : slices.in(key.namespace())) {
      if (isMirror(slice, key.name()) && !wanted.contains(Metadata.name(slice))) {
        // As with selectors: consumers must hear that the endpoints are gone.
        EndpointObjects.write(objects, Kinds.ENDPOINT_SLICES, EndpointObjects.emptied(slice));
      }
    }
    return Optional.empty();
  }

  private static boolean isMirror(ObjectNode slice, String service) {
    var labels = Metadata.labels(slice);
    return MANAGER.equals(labels.get(EndpointObjects.MANAGED_BY))
        && service.equals(labels.get(EndpointObjects.SERVICE_NAME));
  }

  private static ObjectNode slice(
      ObjectNode service, ObjectNode written, JsonNode subset, int number) {
    ObjectNode slice = JsonNodeFactory.instance.objectNode();
    slice.put("apiVersion", "discovery.k8s.io/v1").put("kind", "EndpointSlice");
    ObjectNode metadata = Metadata.of(slice);
    metadata.put("name", Metadata.name(written) + "-mirror-" + number);
    metadata.put("namespace", Metadata.namespace(written));
    metadata
        .putObject("labels")
        .put(EndpointObjects.SERVICE_NAME, Metadata.name(service))
        .put(EndpointObjects.MANAGED_BY, MANAGER);
    Ownership.control(Kinds.SERVICES, service, slice);
    slice.put("addressType", "IPv4");
    ArrayNode ports = slice.putArray("ports");
    for (JsonNode port : subset.path("ports")) {
      ObjectNode one = ports.addObject();
      one.put("name", port.path("name").asText("")).put("port", port.path("port").asInt());
      one.put("protocol", port.path("protocol").asText("TCP"));
    }
    ArrayNode list = slice.putArray("endpoints");
    subset.path("addresses").forEach(address -> endpoint(list.addObject(), address, true));
    subset.path("notReadyAddresses").forEach(address -> endpoint(list.addObject(), address, false));
    return slice;
  }

  private static void endpoint(ObjectNode endpoint, JsonNode address, boolean ready) {
    endpoint.putArray("addresses").add(address.path("ip").asText());
    endpoint.putObject("conditions").put("ready", ready).put("serving", ready);
    for (String field : new String[] {"hostname", "nodeName", "targetRef"}) {
      if (address.has(field)) {
        endpoint.set(field, address.get(field).deepCopy());
      }
    }
  }
}
