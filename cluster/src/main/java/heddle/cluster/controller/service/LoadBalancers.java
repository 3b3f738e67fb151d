package heddle.cluster.controller.service;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import heddle.cluster.event.EventRecorder;
import heddle.cluster.event.EventRecorder.About;
import heddle.cluster.informer.Key;
import heddle.cluster.informer.Kinds;
import heddle.cluster.object.Metadata;
import heddle.cluster.object.Objects;
import heddle.network.LoadBalancer;
import heddle.network.NetworkException;
import heddle.network.NodeNetwork;
import java.net.Inet4Address;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Gives Services of type LoadBalancer an address on the host's loopback. */
final class LoadBalancers implements AutoCloseable {
  /** Ports that the host has others for, as JSON: {@code {"80":8080}}. */
  private static final String HOST_PORTS = "heddle.dev/host-ports";

  private final Objects objects;
  private final NodeNetwork network;
  private final EventRecorder events;
  private final Map<Key, LoadBalancer> open = new ConcurrentHashMap<>();

  LoadBalancers(Objects objects, NodeNetwork network, EventRecorder events) {
    this.objects = objects;
    this.network = network;
    this.events = events;
  }

  /** The Service's address, taken and reported when it has none yet; empty for other types. */
  Optional<Inet4Address> address(ObjectNode service) {
    Key key = Key.of(service);
    if (!service.path("spec").path("type").asText().equals("LoadBalancer")) {
      remove(key);
      clear(service);
      return Optional.empty();
    }
    try {
      LoadBalancer balancer = open.computeIfAbsent(key, k -> network.addLoadBalancer());
      Map<Integer, Integer> ports = balancer.listen(tcpPorts(service));
      report(service, balancer.address(), ports);
      return Optional.of(balancer.address());
    } catch (NetworkException e) {
      events.warning(about(service), "SyncLoadBalancerFailed", String.valueOf(e.getMessage()));
      throw e;
    }
  }

  private static List<Integer> tcpPorts(ObjectNode service) {
    List<Integer> ports = new ArrayList<>();
    for (JsonNode port : service.path("spec").path("ports")) {
      if (port.path("protocol").asText("TCP").equals("TCP")) {
        ports.add(port.path("port").asInt());
      }
    }
    return ports;
  }

  private void report(ObjectNode service, Inet4Address address, Map<Integer, Integer> ports) {
    reportPorts(service, address, ports);
    ObjectNode wanted = ingress(service.objectNode(), address);
    if (service.at("/status/loadBalancer/ingress/0").equals(wanted)) {
      return;
    }
    objects.modifyStatus(
        Kinds.SERVICES,
        Metadata.namespace(service),
        Metadata.name(service),
        stored -> {
          if (Metadata.uid(stored).equals(Metadata.uid(service))) {
            ObjectNode status = stored.withObject("/status").withObject("/loadBalancer");
            ingress(status.putArray("ingress").addObject(), address);
          }
          return stored;
        });
    events.normal(
        about(service), "EnsuredLoadBalancer", "Ensured load balancer " + address.getHostAddress());
  }

  /** Says by an event for people, and an annotation for programs, which ports are others here. */
  private void reportPorts(ObjectNode service, Inet4Address address, Map<Integer, Integer> ports) {
    ObjectNode replaced = service.objectNode();
    ports.forEach(
        (port, host) -> {
          if (!port.equals(host)) {
            replaced.put(String.valueOf(port), host);
          }
        });
    String wanted = replaced.isEmpty() ? "" : replaced.toString();
    if (wanted.equals(hostPorts(service))) {
      return;
    }
    objects.modify(
        Kinds.SERVICES,
        Metadata.namespace(service),
        Metadata.name(service),
        stored -> {
          if (Metadata.uid(stored).equals(Metadata.uid(service))) {
            ObjectNode annotations = stored.withObject("/metadata").withObject("/annotations");
            if (wanted.isEmpty()) {
              annotations.remove(HOST_PORTS);
            } else {
              annotations.put(HOST_PORTS, wanted);
            }
          }
          return stored;
        });
    replaced.forEachEntry(
        (port, host) ->
            events.warning(
                about(service),
                "PortReplaced",
                "port %s of %s is taken or needs a privilege that is missing; on this host it is %s"
                    .formatted(port, address.getHostAddress(), host)));
  }

  private static String hostPorts(ObjectNode service) {
    return service.path("metadata").path("annotations").path(HOST_PORTS).asText("");
  }

  /** Both forms, so that either of the usual questions has an answer. */
  private static ObjectNode ingress(ObjectNode into, Inet4Address address) {
    return into.put("ip", address.getHostAddress()).put("hostname", address.getHostAddress());
  }

  private void clear(ObjectNode service) {
    if (!service.at("/status/loadBalancer/ingress").isEmpty()) {
      objects.modifyStatus(
          Kinds.SERVICES,
          Metadata.namespace(service),
          Metadata.name(service),
          stored -> {
            stored.withObject("/status").putObject("loadBalancer");
            return stored;
          });
    }
  }

  void remove(Key key) {
    LoadBalancer balancer = open.remove(key);
    if (balancer != null) {
      balancer.close();
    }
  }

  private static About about(ObjectNode service) {
    return About.of("v1", "Service", service);
  }

  @Override
  public void close() {
    open.values().forEach(LoadBalancer::close);
    open.clear();
  }
}
