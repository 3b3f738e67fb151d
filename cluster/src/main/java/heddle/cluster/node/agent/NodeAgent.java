package heddle.cluster.node.agent;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import heddle.cluster.event.EventRecorder;
import heddle.cluster.informer.Key;
import heddle.cluster.informer.Kinds;
import heddle.cluster.informer.ObjectCache;
import heddle.cluster.node.InProcessProgram;
import heddle.cluster.node.PodAccess;
import heddle.cluster.node.pod.NodeContext;
import heddle.cluster.node.pod.PodWorker;
import heddle.cluster.node.sandbox.Launcher;
import heddle.cluster.node.volume.PodTokens;
import heddle.cluster.object.Metadata;
import heddle.cluster.object.Objects;
import heddle.images.ImageResolver;
import heddle.network.NodeNetwork;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Runs the pods of one node, as a kubelet does: starts those that are bound to it, stops those that
 * are deleted, reports their status, keeps the Node object alive, and gives access to what runs.
 */
public final class NodeAgent implements AutoCloseable {
  private static final Duration SHUTDOWN = Duration.ofSeconds(15);
  private static final int PODS = 110;

  private final NodeContext node;
  private final ObjectCache pods;
  private final List<ObjectCache> caches;
  private final NodeHeartbeat heartbeat;
  private final ScheduledExecutorService timer;
  private final Map<String, PodWorker> byUid = new ConcurrentHashMap<>();
  private final Map<Key, PodWorker> byName = new ConcurrentHashMap<>();
  private final PodAccess access;
  private volatile boolean closed;

  /**
   * What the node agent is made of.
   *
   * @param nodeName name of the Node object
   * @param programs programs of this process, by the name an {@code Image.Builtin} gives them
   * @param directory of the node agent alone, in the cluster's data directory
   * @param random thread-safe
   */
  public record Parts(
      String nodeName,
      Objects objects,
      NodeNetwork network,
      ImageResolver images,
      Map<String, InProcessProgram> programs,
      PodTokens tokens,
      Path directory,
      Clock clock,
      RandomGenerator random) {

    public Parts {
      programs = Map.copyOf(programs);
    }
  }

  private NodeAgent(Parts parts) {
    Clock clock = parts.clock();
    Objects objects = parts.objects();
    this.timer =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("node-timer").daemon().factory());
    this.pods = new ObjectCache(objects, Kinds.PODS);
    ObjectCache slices = new ObjectCache(objects, Kinds.ENDPOINT_SLICES);
    ObjectCache configMaps = new ObjectCache(objects, Kinds.CONFIG_MAPS);
    ObjectCache secrets = new ObjectCache(objects, Kinds.SECRETS);
    this.caches = List.of(slices, configMaps, secrets, pods);
    ObjectNode allocatable = allocatable();
    this.node =
        new NodeContext(
            parts.nodeName(),
            objects,
            parts.network(),
            parts.images(),
            parts.programs(),
            parts.directory(),
            clock,
            parts.random(),
            new EventRecorder(objects, "kubelet", parts.nodeName(), clock),
            new Launcher(),
            new EndpointsBeforeStop(slices),
            parts.tokens(),
            timer,
            allocatable);
    this.heartbeat =
        new NodeHeartbeat(objects, parts.network(), parts.nodeName(), clock, allocatable);
    this.access = new LocalPodAccess(key -> Optional.ofNullable(byName.get(key)));
    configMaps.listen(this::referenced);
    secrets.listen(this::referenced);
    pods.listen(this::changed);
  }

  /**
   * Cleans up after an earlier run.
   *
   * @throws IOException when leftovers cannot be removed
   */
  public static NodeAgent prepare(Parts parts) throws IOException {
    Files.createDirectories(parts.directory());
    NodeJanitor janitor = new NodeJanitor(parts.directory());
    janitor.killLeftovers();
    Set<String> known = new HashSet<>();
    parts.objects().list(Kinds.PODS, null).items().forEach(pod -> known.add(Metadata.uid(pod)));
    janitor.removeExcept(known);
    return new NodeAgent(parts);
  }

  /**
   * Starts the node; called once, when the API serves: controllers that run in pods use it. Pods
   * that ran before come back under their names, with new addresses and one restart more.
   */
  public void start() {
    heartbeat.start(timer);
    caches.forEach(ObjectCache::start);
  }

  /** Logs, commands, streams and ports of the pods. */
  public PodAccess access() {
    return access;
  }

  private static ObjectNode allocatable() {
    ObjectNode resources = JsonNodeFactory.instance.objectNode();
    resources.put("cpu", Integer.toString(Runtime.getRuntime().availableProcessors()));
    resources.put("memory", memoryKibibytes() + "Ki");
    resources.put("pods", Integer.toString(PODS));
    resources.put("ephemeral-storage", "10Gi");
    return resources;
  }

  private static long memoryKibibytes() {
    return ManagementFactory.getOperatingSystemMXBean()
            instanceof com.sun.management.OperatingSystemMXBean system
        ? system.getTotalMemorySize() / 1024
        : Runtime.getRuntime().maxMemory() / 1024;
  }

  private void changed(@Nullable ObjectNode before, @Nullable ObjectNode after) {
    if (before != null && (after == null || !Metadata.uid(before).equals(Metadata.uid(after)))) {
      PodWorker worker = byUid.get(Metadata.uid(before));
      if (worker != null) {
        worker.gone();
      }
    }
    if (after != null && after.path("spec").path("nodeName").asText("").equals(node.nodeName())) {
      mine(after);
    }
  }

  private void mine(ObjectNode pod) {
    if (closed) {
      return;
    }
    String uid = Metadata.uid(pod);
    PodWorker present = byUid.get(uid);
    if (present != null) {
      present.updated(pod);
      return;
    }
    PodWorker worker = new PodWorker(node, pod, this::ended);
    byUid.put(uid, worker);
    byName.put(Key.of(pod), worker);
    worker.start();
  }

  private void ended(PodWorker worker) {
    byUid.remove(worker.uid(), worker);
    byName.values().remove(worker);
  }

  /** Pods that mount or wait for the object look again. */
  private void referenced(@Nullable ObjectNode before, @Nullable ObjectNode after) {
    ObjectNode object = after == null ? before : after;
    if (object == null) {
      return;
    }
    String name = Metadata.name(object);
    for (ObjectNode pod : pods.in(Metadata.namespace(object))) {
      PodWorker worker = byUid.get(Metadata.uid(pod));
      if (worker != null && mentions(pod.path("spec"), name)) {
        worker.refresh();
      }
    }
  }

  private static boolean mentions(JsonNode tree, String name) {
    if (tree.isTextual()) {
      return tree.asText().equals(name);
    }
    for (JsonNode child : tree) {
      if (mentions(child, name)) {
        return true;
      }
    }
    return false;
  }

  /** Ends every container. The pods stay in the API, to come back with the next start. */
  @Override
  public void close() {
    closed = true;
    caches.forEach(ObjectCache::close);
    heartbeat.close();
    List<PodWorker> running = List.copyOf(byUid.values());
    running.forEach(PodWorker::shutdown);
    try {
      for (PodWorker worker : running) {
        worker.awaitEnd(SHUTDOWN);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    node.launcher().close();
    node.events().close();
    timer.shutdownNow();
  }
}
