package heddle.control.cloudmap;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import heddle.control.inject.SidecarInjector;
import heddle.kube.KubeApi;
import heddle.kube.KubeException;
import heddle.kube.KubeKind;
import heddle.kube.KubeObject;
import heddle.kube.Scope;
import heddle.kube.loop.ControllerLoop;
import heddle.kube.loop.Outcome;
import heddle.kube.status.Condition;
import heddle.kube.status.PodConditions;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Registers pods with Cloud Map services; see the package for how a service is stored. */
public final class CloudMap implements AutoCloseable {
  /** The label of the EndpointSlice that is a Cloud Map service. */
  public static final String LABEL = "appmesh.k8s.aws/cloudmap-name";

  private static final Logger LOG = LoggerFactory.getLogger(CloudMap.class);
  private static final String SLICE = "slice ";
  private static final String POD = "pod ";

  private final KubeApi api;
  private final String namespace;
  private final PodConditions conditions;
  private final ControllerLoop loop;
  private final Map<String, Service> services = new ConcurrentHashMap<>();
  private final Map<String, KubeObject> gated = new ConcurrentHashMap<>();

  /**
   * A Cloud Map service and the pods that its nodes select.
   *
   * @param name {@code <service>.<namespace>}
   * @param port of the instances: the first listener's; 0 for none
   */
  public record Service(String name, int port, Map<String, KubeObject> pods) {
    public Service {
      pods = Map.copyOf(pods);
    }
  }

  /**
   * Starts the writer.
   *
   * @param namespace where the slices are kept
   */
  public CloudMap(KubeApi api, String namespace, InstantSource clock, LongSupplier ticker) {
    this.api = api;
    this.namespace = namespace;
    this.conditions = new PodConditions(api, clock);
    this.loop = ControllerLoop.start("cloudmap", 2, this::write, ticker);
    loop.enqueue(SLICE);
  }

  /** The services as they are now; those not named any more are forgotten. */
  public void update(Collection<Service> latest) {
    Set<String> names = new HashSet<>();
    Set<String> pods = new HashSet<>();
    for (Service service : latest) {
      names.add(service.name());
      if (!service.equals(services.put(service.name(), service))) {
        loop.enqueue(SLICE + service.name());
      }
      service.pods().forEach((key, pod) -> pods.add(key));
      service.pods().values().forEach(this::considerGate);
    }
    gated.keySet().retainAll(pods);
    for (String name : services.keySet()) {
      if (!names.contains(name)) {
        services.remove(name);
        loop.enqueue(SLICE + name);
      }
    }
  }

  @Override
  public void close() {
    loop.close();
  }

  /** Whether a pod is a registered instance. */
  static boolean registered(KubeObject pod) {
    return pod.isTrue("ContainersReady")
        && !pod.deleting()
        && !pod.status().path("podIP").asText().isEmpty();
  }

  private void considerGate(KubeObject pod) {
    boolean asks = false;
    for (JsonNode gate : pod.spec().path("readinessGates")) {
      asks |= gate.path("conditionType").asText().equals(SidecarInjector.CLOUD_MAP_GATE);
    }
    if (asks && registered(pod) && !pod.isTrue(SidecarInjector.CLOUD_MAP_GATE)) {
      gated.put(pod.key(), pod);
      loop.enqueue(POD + pod.key());
    }
  }

  private Outcome write(String key) {
    if (key.equals(SLICE)) {
      removeStrangers();
    } else if (key.startsWith(SLICE)) {
      writeSlice(key.substring(SLICE.length()));
    } else {
      openGate(key.substring(POD.length()));
    }
    return Outcome.done();
  }

  /** Slices that an earlier controller left and no node names any more. */
  private void removeStrangers() {
    for (KubeObject slice :
        api.list(KubeKind.ENDPOINT_SLICE, Scope.in(namespace).labelled(LABEL)).items()) {
      String name = slice.labels().getOrDefault(LABEL, "");
      if (!services.containsKey(name)) {
        loop.enqueue(SLICE + name);
      }
    }
  }

  private void writeSlice(String name) {
    String sliceName = "cloudmap-" + name.toLowerCase(java.util.Locale.ROOT);
    Service service = services.get(name);
    if (service == null) {
      if (api.delete(KubeKind.ENDPOINT_SLICE, namespace, sliceName)) {
        LOG.info("Cloud Map service {} is gone", name);
      }
      return;
    }
    KubeObject wanted = slice(sliceName, service);
    Optional<KubeObject> stored = api.get(KubeKind.ENDPOINT_SLICE, namespace, sliceName);
    if (stored.isEmpty()) {
      KubeObject created = api.create(wanted);
      LOG.info("Cloud Map service {} is {}", name, created);
      return;
    }
    if (!stored.get().json().path("endpoints").equals(wanted.json().path("endpoints"))
        || !stored.get().json().path("ports").equals(wanted.json().path("ports"))) {
      wanted.metadata().put("resourceVersion", stored.get().resourceVersion());
      KubeObject unused = api.replace(wanted);
    }
  }

  private KubeObject slice(String name, Service service) {
    KubeObject slice =
        KubeObject.of(
            KubeKind.ENDPOINT_SLICE.apiVersion(), KubeKind.ENDPOINT_SLICE.kind(), namespace, name);
    slice
        .metadata()
        .putObject("labels")
        .put(LABEL, service.name())
        .put("endpointslice.kubernetes.io/managed-by", "appmesh-controller");
    slice.json().put("addressType", "IPv4");
    ArrayNode endpoints = slice.json().putArray("endpoints");
    new TreeMap<>(service.pods())
        .values().stream()
            .filter(CloudMap::registered)
            .forEach(pod -> endpoints.add(endpoint(pod)));
    ArrayNode ports = slice.json().putArray("ports");
    if (service.port() > 0) {
      ports.addObject().put("name", "").put("port", service.port()).put("protocol", "TCP");
    }
    return slice;
  }

  private static ObjectNode endpoint(KubeObject pod) {
    ObjectNode endpoint = JsonNodeFactory.instance.objectNode();
    endpoint.putArray("addresses").add(pod.status().path("podIP").asText());
    endpoint.putObject("conditions").put("ready", true);
    endpoint
        .putObject("targetRef")
        .put("kind", "Pod")
        .put("namespace", pod.namespace())
        .put("name", pod.name())
        .put("uid", pod.uid());
    return endpoint;
  }

  private void openGate(String key) {
    KubeObject pod = gated.remove(key);
    if (pod == null) {
      return;
    }
    try {
      conditions.set(
          pod,
          new Condition(
              SidecarInjector.CLOUD_MAP_GATE,
              true,
              "Registered",
              "the pod is an instance of its Cloud Map service"));
    } catch (KubeException e) {
      gated.putIfAbsent(key, pod);
      throw e;
    }
  }
}
