package heddle.cluster.controller.endpoints;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import heddle.cluster.controller.pods.Ownership;
import heddle.cluster.controller.pods.PodFacts;
import heddle.cluster.informer.Kinds;
import heddle.cluster.object.Metadata;
import heddle.cluster.object.Objects;
import heddle.cluster.object.ResourceType;
import java.util.List;
import java.util.Optional;

/** Builds Endpoints and EndpointSlice objects. */
final class EndpointObjects {

  static final String SERVICE_NAME = "kubernetes.io/service-name";
  static final String MANAGED_BY = "endpointslice.kubernetes.io/managed-by";
  static final String MANAGER = "endpointslice-controller.k8s.io";

  private static final String HEADLESS = "service.kubernetes.io/headless";

  private EndpointObjects() {}

  static ObjectNode endpoints(ObjectNode service, List<EndpointGroup> groups) {
    ObjectNode endpoints = JsonNodeFactory.instance.objectNode();
    endpoints.put("apiVersion", "v1").put("kind", "Endpoints");
    ObjectNode metadata = Metadata.of(endpoints);
    metadata.put("name", Metadata.name(service));
    metadata.put("namespace", Metadata.namespace(service));
    labels(service, metadata);
    boolean publishAll = publishesAll(service);
    ArrayNode subsets = JsonNodeFactory.instance.arrayNode();
    for (EndpointGroup group : groups) {
      ObjectNode subset = JsonNodeFactory.instance.objectNode();
      for (ObjectNode pod : group.pods()) {
        if (Metadata.deleting(pod) && !publishAll) {
          continue;
        }
        boolean ready = publishAll || PodFacts.ready(pod);
        address(subset.withArray(ready ? "addresses" : "notReadyAddresses").addObject(), pod);
      }
      if (subset.isEmpty()) {
        continue;
      }
      ports(subset, group);
      subsets.add(subset);
    }
    endpoints.set("subsets", subsets);
    return endpoints;
  }

  private static void address(ObjectNode address, ObjectNode pod) {
    address.put("ip", PodFacts.address(pod));
    String hostname = pod.path("spec").path("hostname").asText("");
    if (!hostname.isEmpty()) {
      address.put("hostname", hostname);
    }
    address.put("nodeName", pod.path("spec").path("nodeName").asText());
    target(address, pod);
  }

  private static void target(ObjectNode endpoint, ObjectNode pod) {
    endpoint
        .putObject("targetRef")
        .put("kind", "Pod")
        .put("name", Metadata.name(pod))
        .put("namespace", Metadata.namespace(pod))
        .put("uid", Metadata.uid(pod));
  }

  static ObjectNode slice(ObjectNode service, EndpointGroup group) {
    ObjectNode slice = JsonNodeFactory.instance.objectNode();
    slice.put("apiVersion", "discovery.k8s.io/v1").put("kind", "EndpointSlice");
    ObjectNode metadata = Metadata.of(slice);
    metadata.put("name", Metadata.name(service) + "-" + suffix(group));
    metadata.put("namespace", Metadata.namespace(service));
    labels(service, metadata);
    metadata
        .withObject("/labels")
        .put(SERVICE_NAME, Metadata.name(service))
        .put(MANAGED_BY, MANAGER);
    Ownership.control(Kinds.SERVICES, service, slice);
    slice.put("addressType", "IPv4");
    ports(slice, group);
    boolean publishAll = publishesAll(service);
    ArrayNode endpoints = slice.putArray("endpoints");
    group.pods().forEach(pod -> endpoint(endpoints.addObject(), pod, publishAll));
    return slice;
  }

  private static void endpoint(ObjectNode endpoint, ObjectNode pod, boolean publishAll) {
    boolean terminating = Metadata.deleting(pod);
    boolean serving = PodFacts.ready(pod);
    endpoint.putArray("addresses").add(PodFacts.address(pod));
    endpoint
        .putObject("conditions")
        .put("ready", publishAll || (serving && !terminating))
        .put("serving", serving)
        .put("terminating", terminating);
    String hostname = pod.path("spec").path("hostname").asText("");
    if (!hostname.isEmpty()) {
      endpoint.put("hostname", hostname);
    }
    endpoint.put("nodeName", pod.path("spec").path("nodeName").asText());
    target(endpoint, pod);
  }

  static ObjectNode emptied(ObjectNode slice) {
    ObjectNode copy = slice.deepCopy();
    copy.putArray("endpoints");
    return copy;
  }

  /** What is stored with what is wanted in its place; equal when there is nothing to write. */
  static ObjectNode merge(ObjectNode stored, ObjectNode desired) {
    for (String field : List.of("subsets", "addressType", "ports", "endpoints")) {
      if (desired.has(field)) {
        stored.set(field, desired.get(field));
      }
    }
    if (desired.path("metadata").has("labels")) {
      Metadata.of(stored).set("labels", desired.path("metadata").get("labels"));
    }
    return stored;
  }

  /** Creates an object, or makes the stored one say the same. */
  static void write(Objects objects, ResourceType type, ObjectNode desired) {
    Optional<ObjectNode> stored =
        objects.modify(
            type,
            Metadata.namespace(desired),
            Metadata.name(desired),
            current -> merge(current, desired));
    if (stored.isEmpty()) {
      objects.create(type, desired);
    }
  }

  private static boolean publishesAll(ObjectNode service) {
    return service.path("spec").path("publishNotReadyAddresses").asBoolean();
  }

  private static void labels(ObjectNode service, ObjectNode metadata) {
    ObjectNode labels = JsonNodeFactory.instance.objectNode();
    Metadata.labels(service).forEach(labels::put);
    if (service.path("spec").path("clusterIP").asText().equals("None")) {
      labels.put(HEADLESS, "");
    }
    if (!labels.isEmpty()) {
      metadata.set("labels", labels);
    }
  }

  private static void ports(ObjectNode holder, EndpointGroup group) {
    ArrayNode ports = holder.putArray("ports");
    for (EndpointGroup.Port port : group.ports()) {
      ObjectNode entry = ports.addObject();
      entry.put("name", port.name());
      entry.put("port", port.number()).put("protocol", port.protocol());
      if (!port.appProtocol().isEmpty()) {
        entry.put("appProtocol", port.appProtocol());
      }
    }
  }

  /** The same ports give the same slice, over restarts too. */
  private static String suffix(EndpointGroup group) {
    String text = Integer.toString(group.ports().hashCode() & 0x7fffffff, 36);
    return ("00000" + text).substring(text.length());
  }
}
