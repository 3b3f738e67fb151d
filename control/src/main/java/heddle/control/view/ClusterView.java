package heddle.control.view;

import com.fasterxml.jackson.databind.JsonNode;
import heddle.kube.KubeApi;
import heddle.kube.KubeKind;
import heddle.kube.KubeObject;
import heddle.kube.Scope;
import heddle.kube.cache.ResourceCache;
import heddle.mesh.input.KubernetesService;
import heddle.mesh.input.Pod;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The cluster as the control plane sees it, kept up to date. Changes that cannot matter to the mesh
 * (statuses, labels of no one's interest) are not reported.
 */
public final class ClusterView implements AutoCloseable {
  private final Map<String, ResourceCache> meshKinds = new LinkedHashMap<>();
  private final Map<String, Projection<KubeObject>> meshObjects = new LinkedHashMap<>();
  private final Projection<KubernetesService> translatedServices =
      new Projection<>(service -> Optional.of(service(service)));
  private final Projection<Pod> translatedPods =
      new Projection<>(pod -> hasAddress(pod) ? Optional.of(pod(pod)) : Optional.empty());
  private final Projection<KubeObject> deletedPods =
      new Projection<>(pod -> pod.deleting() ? Optional.of(pod) : Optional.empty());
  private final AtomicLong podIdentities = new AtomicLong();
  private final ResourceCache namespaces;
  private final ResourceCache services;
  private final ResourceCache pods;

  /** Hears of changes, on the threads of the caches; must not block. */
  public interface Listener {
    /** A resource of the mesh, a service or a namespace changed. */
    void meshChanged();

    /** A pod came, went, changed its labels, its address or its readiness. */
    void podsChanged();
  }

  private ClusterView(KubeApi api, Listener listener) {
    ResourceCache.Listener onMesh =
        (before, after) -> {
          if (differ(before, after, "spec")) {
            listener.meshChanged();
          }
        };
    ResourceCache.Listener onPod =
        (before, after) -> {
          if (before == null
              || after == null
              || !before.uid().equals(after.uid())
              || !before.labels().equals(after.labels())) {
            podIdentities.incrementAndGet();
          }
          if (before == null
              || after == null
              || differ(before, after, "spec")
              || !before.status().equals(after.status())) {
            listener.podsChanged();
          }
        };
    for (KubeKind kind : AppMeshKinds.all()) {
      Projection<KubeObject> sorted = new Projection<>(Optional::of);
      meshObjects.put(kind.kind(), sorted);
      meshKinds.put(kind.kind(), start(api, kind, sorted.before(onMesh)));
    }
    namespaces = start(api, KubeKind.NAMESPACE, onMesh);
    services = start(api, KubeKind.SERVICE, translatedServices.before(onMesh));
    pods = start(api, KubeKind.POD, translatedPods.before(deletedPods.before(onPod)));
  }

  private static ResourceCache start(KubeApi api, KubeKind kind, ResourceCache.Listener listener) {
    return ResourceCache.start(api, kind, Scope.everywhere(), listener);
  }

  /** Starts to look. */
  public static ClusterView start(KubeApi api, Listener listener) {
    return new ClusterView(api, listener);
  }

  /**
   * Waits until everything that was there at the start has been seen.
   *
   * @return false if that took too long
   */
  public boolean awaitSynced(Duration atMost) throws InterruptedException {
    boolean synced = true;
    for (ResourceCache cache : caches()) {
      synced &= cache.awaitSynced(atMost);
    }
    return synced;
  }

  /**
   * What a compilation is made from.
   *
   * @param meshObjects all resources of the mesh, in a stable order
   * @param namespaceLabels the labels of every namespace
   */
  public record Contents(
      List<KubeObject> meshObjects,
      Map<String, Map<String, String>> namespaceLabels,
      List<KubernetesService> services) {}

  /** What a compilation is made from, as the caches have it. */
  public Contents contents() {
    return new Contents(meshObjects(), namespaceLabels(), services());
  }

  /** The same, but resources and namespaces are read from the API now. */
  public Contents readAnew(KubeApi api) {
    List<KubeObject> objects = new ArrayList<>();
    for (KubeKind kind : AppMeshKinds.all()) {
      objects.addAll(api.list(kind, Scope.everywhere()).items());
    }
    Map<String, Map<String, String>> labels = new LinkedHashMap<>();
    api.list(KubeKind.NAMESPACE, Scope.everywhere())
        .items()
        .forEach(namespace -> labels.put(namespace.name(), namespace.labels()));
    return new Contents(objects, labels, services());
  }

  /** All resources of the mesh, in a stable order. */
  public List<KubeObject> meshObjects() {
    List<KubeObject> objects = new ArrayList<>();
    meshObjects.values().forEach(kind -> objects.addAll(kind.sorted()));
    return objects;
  }

  /** One resource of the mesh. */
  public Optional<KubeObject> meshObject(String kind, String namespace, String name) {
    ResourceCache cache = meshKinds.get(kind);
    return cache == null ? Optional.empty() : cache.get(namespace, name);
  }

  /** The labels of every namespace. */
  public Map<String, Map<String, String>> namespaceLabels() {
    Map<String, Map<String, String>> labels = new LinkedHashMap<>();
    namespaces.all().stream()
        .sorted(Comparator.comparing(KubeObject::name))
        .forEach(namespace -> labels.put(namespace.name(), namespace.labels()));
    return labels;
  }

  public List<KubernetesService> services() {
    return translatedServices.sorted();
  }

  /** The pods as objects, in no order. */
  public Collection<KubeObject> podObjects() {
    return pods.all();
  }

  /** The pods whose deletion has begun. */
  public Collection<KubeObject> deletedPods() {
    return deletedPods.sorted();
  }

  /** Is another number whenever a pod has come, gone, or changed its labels. */
  public long podIdentities() {
    return podIdentities.get();
  }

  public Optional<KubeObject> pod(String namespace, String name) {
    return pods.get(namespace, name);
  }

  /** The pods that have an address and have not ended, in a stable order. */
  public List<Pod> pods() {
    return translatedPods.sorted();
  }

  /** Whether a pod takes traffic: it is ready and its deletion has not begun. */
  public static boolean takesTraffic(KubeObject pod) {
    return pod.isTrue("Ready") && !pod.deleting();
  }

  @Override
  public void close() {
    caches().forEach(ResourceCache::close);
  }

  private List<ResourceCache> caches() {
    List<ResourceCache> all = new ArrayList<>(meshKinds.values());
    all.addAll(List.of(namespaces, services, pods));
    return all;
  }

  /** Whether two states of an object differ in a part, or in metadata that anyone may go by. */
  public static boolean differ(
      @Nullable KubeObject before, @Nullable KubeObject after, String part) {
    return before == null
        || after == null
        || !before.uid().equals(after.uid())
        || before.deleting() != after.deleting()
        || !Objects.equals(before.json().get(part), after.json().get(part))
        || !before.labels().equals(after.labels())
        || !before.annotations().equals(after.annotations());
  }

  private static boolean hasAddress(KubeObject pod) {
    String phase = pod.status().path("phase").asText();
    return !pod.status().path("podIP").asText().isEmpty()
        && !phase.equals("Succeeded")
        && !phase.equals("Failed");
  }

  private static Pod pod(KubeObject pod) {
    Map<String, Integer> ports = new LinkedHashMap<>();
    for (JsonNode container : pod.spec().path("containers")) {
      for (JsonNode port : container.path("ports")) {
        if (port.hasNonNull("name")) {
          ports.put(port.path("name").asText(), port.path("containerPort").asInt());
        }
      }
    }
    return new Pod(
        pod.namespace(),
        pod.name(),
        pod.status().path("podIP").asText(),
        pod.labels(),
        ports,
        takesTraffic(pod));
  }

  private static KubernetesService service(KubeObject service) {
    JsonNode spec = service.spec();
    Map<String, String> selector = new LinkedHashMap<>();
    spec.path("selector")
        .properties()
        .forEach(entry -> selector.put(entry.getKey(), entry.getValue().asText()));
    List<KubernetesService.Port> ports = new ArrayList<>();
    for (JsonNode port : spec.path("ports")) {
      String number = port.path("port").asText();
      ports.add(
          new KubernetesService.Port(
              port.path("port").asInt(), port.path("targetPort").asText(number)));
    }
    return new KubernetesService(
        service.namespace(),
        service.name(),
        selector,
        ports,
        spec.path("clusterIP").asText().equals("None"),
        spec.path("externalName").asText());
  }
}
