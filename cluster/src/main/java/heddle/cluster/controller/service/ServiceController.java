package heddle.cluster.controller.service;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import heddle.cluster.event.EventRecorder;
import heddle.cluster.informer.ControllerLoop;
import heddle.cluster.informer.Key;
import heddle.cluster.informer.Kinds;
import heddle.cluster.informer.ObjectCache;
import heddle.cluster.informer.Reconciler;
import heddle.cluster.object.Metadata;
import heddle.cluster.object.Objects;
import heddle.network.NameTable;
import heddle.network.NodeNetwork;
import heddle.network.ServiceForward;
import heddle.network.ServiceForward.Protocol;
import java.net.Inet4Address;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.jspecify.annotations.Nullable;

/**
 * Tells the network where Services lead and what they are called. One Service is worked out at a
 * time; the tables are handed over whole, once for many changes.
 */
public final class ServiceController implements Reconciler, AutoCloseable {
  private static final String SERVICE = "kubernetes.io/service-name";
  private static final String CLOUD_MAP = "appmesh.k8s.aws/cloudmap-name";
  private static final Key TABLES = new Key("", "tables");

  private final NodeNetwork network;
  private final ObjectCache services;
  private final ObjectCache slices;
  private final ObjectCache pods;
  private final ScheduledExecutorService timer;
  private final EventRecorder events;
  private final LoadBalancers balancers;
  private final ControllerLoop loop;
  private final ControllerLoop publisher;
  private final Map<Key, List<ServiceForward>> forwards = new ConcurrentHashMap<>();
  private final Map<Key, ServiceNames> names = new ConcurrentHashMap<>();
  private final Map<Key, ServiceNames> cloudMapNames = new ConcurrentHashMap<>();
  private final Map<Key, Map<Key, ObjectNode>> byService = new ConcurrentHashMap<>();

  private ServiceController(Objects objects, NodeNetwork network, Clock clock) {
    this.network = network;
    this.services = new ObjectCache(objects, Kinds.SERVICES);
    this.slices = new ObjectCache(objects, Kinds.ENDPOINT_SLICES);
    this.pods = new ObjectCache(objects, Kinds.PODS);
    this.timer =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("service-timer").daemon().factory());
    this.events = new EventRecorder(objects, "service-controller", "", clock);
    this.balancers = new LoadBalancers(objects, network, events);
    this.loop = new ControllerLoop("service", this, timer);
    this.publisher =
        new ControllerLoop(
            "service-tables",
            key -> {
              publish();
              return Optional.empty();
            },
            timer);
    services.listen(
        (before, after) -> {
          ObjectNode service = after == null ? before : after;
          if (service != null) {
            loop.enqueue(Key.of(service));
          }
        });
    slices.listen(this::sliceChanged);
    pods.listen(this::podChanged);
  }

  /** Starts following services; call it on a thread of the host. */
  public static ServiceController start(Objects objects, NodeNetwork network, Clock clock) {
    ServiceController controller = new ServiceController(objects, network, clock);
    controller.slices.start();
    controller.services.start();
    controller.pods.start();
    controller.loop.start();
    controller.publisher.start();
    controller.publisher.enqueue(TABLES);
    return controller;
  }

  @Override
  public void close() {
    List.of(pods, services, slices).forEach(ObjectCache::close);
    loop.close();
    publisher.close();
    balancers.close();
    events.close();
    timer.shutdownNow();
  }

  private void podChanged(@Nullable ObjectNode before, @Nullable ObjectNode after) {
    String old = before == null ? "" : address(before);
    String now = after == null ? "" : address(after);
    if (!old.equals(now)) {
      publisher.enqueue(TABLES);
    }
  }

  private static String address(ObjectNode pod) {
    return pod.path("status").path("podIP").asText("");
  }

  private void sliceChanged(@Nullable ObjectNode before, @Nullable ObjectNode after) {
    // Never absent in between: whoever reads now must not find the service without endpoints.
    Optional<Key> left =
        group(before).filter(service -> !group(after).equals(Optional.of(service)));
    group(after)
        .ifPresent(
            service ->
                byService
                    .computeIfAbsent(service, s -> new ConcurrentHashMap<>())
                    .put(Key.of(java.util.Objects.requireNonNull(after)), after));
    left.ifPresent(service -> drop(service, before));
    left.ifPresent(loop::enqueue);
    group(after).ifPresent(loop::enqueue);
    ObjectNode any = after == null ? before : after;
    if (any != null) {
      cloudMap(Key.of(any), after);
    }
  }

  private void drop(Key service, @Nullable ObjectNode slice) {
    byService.computeIfPresent(
        service,
        (s, members) -> {
          if (slice != null) {
            members.remove(Key.of(slice));
          }
          return members;
        });
  }

  private static Optional<Key> group(@Nullable ObjectNode slice) {
    return Optional.ofNullable(slice)
        .flatMap(
            s ->
                Optional.ofNullable(Metadata.labels(s).get(SERVICE))
                    .map(name -> new Key(Metadata.namespace(s), name)));
  }

  private void cloudMap(Key key, @Nullable ObjectNode slice) {
    String name = slice == null ? null : Metadata.labels(slice).get(CLOUD_MAP);
    if (slice == null || name == null) {
      if (cloudMapNames.remove(key) != null) {
        publisher.enqueue(TABLES);
      }
    } else {
      cloudMapNames.put(key, ServiceNames.cloudMap(name, new ServiceEndpoints(List.of(slice))));
      publisher.enqueue(TABLES);
    }
  }

  @Override
  public Optional<Duration> reconcile(Key key) {
    Optional<ObjectNode> service = services.get(key).filter(s -> !Metadata.deleting(s));
    if (service.isEmpty()) {
      forwards.remove(key);
      names.remove(key);
      balancers.remove(key);
      publisher.enqueue(TABLES);
      return Optional.empty();
    }
    Collection<ObjectNode> members = byService.getOrDefault(key, Map.of()).values();
    ServiceEndpoints endpoints = new ServiceEndpoints(members);
    names.put(key, ServiceNames.of(service.get(), endpoints));
    publisher.enqueue(TABLES);
    if (members.isEmpty() && service.get().path("spec").path("selector").isEmpty()) {
      // Somebody else answers there, such as the API server at kubernetes' address.
      forwards.remove(key);
      return Optional.empty();
    }
    List<ServiceForward> own = new ArrayList<>();
    Addresses.parse(service.get().path("spec").path("clusterIP").asText(""))
        .ifPresent(address -> own.addAll(forwards(service.get(), address, endpoints)));
    balancers
        .address(service.get())
        .ifPresent(address -> own.addAll(forwards(service.get(), address, endpoints)));
    forwards.put(key, own);
    publisher.enqueue(TABLES);
    return Optional.empty();
  }

  private static List<ServiceForward> forwards(
      ObjectNode service, Inet4Address address, ServiceEndpoints endpoints) {
    List<ServiceForward> forwards = new ArrayList<>();
    for (JsonNode port : service.path("spec").path("ports")) {
      String protocol = port.path("protocol").asText("TCP");
      if (protocol.equals("TCP") || protocol.equals("UDP")) {
        forwards.add(
            new ServiceForward(
                address,
                port.path("port").asInt(),
                Protocol.valueOf(protocol),
                endpoints.usable(port.path("name").asText(""))));
      }
    }
    return forwards;
  }

  private void publish() {
    network.services(forwards.values().stream().flatMap(List::stream).toList());
    ServiceNames table = ServiceNames.none();
    names.values().forEach(part -> part.addTo(table));
    cloudMapNames.values().forEach(part -> part.addTo(table));
    Map<String, List<Inet4Address>> addresses = new HashMap<>(table.addresses());
    for (ObjectNode pod : pods.all()) {
      Addresses.parse(address(pod))
          .ifPresent(
              ip ->
                  addresses.put(
                      ip.getHostAddress().replace('.', '-')
                          + "."
                          + Metadata.namespace(pod)
                          + ".pod."
                          + ServiceNames.CLUSTER,
                      List.of(ip)));
    }
    Set<String> zones = table.zones();
    zones.add(ServiceNames.CLUSTER);
    network.names(new NameTable(zones, addresses, table.aliases(), table.services()));
  }
}
