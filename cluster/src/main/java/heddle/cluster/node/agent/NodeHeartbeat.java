package heddle.cluster.node.agent;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import heddle.cluster.informer.Kinds;
import heddle.cluster.object.Objects;
import heddle.network.NodeNetwork;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps the Node object and its Lease. */
final class NodeHeartbeat implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(NodeHeartbeat.class);
  private static final Duration RENEW = Duration.ofSeconds(10);
  private static final int LEASE_SECONDS = 40;
  private static final String LEASES = "kube-node-lease";

  private final Objects objects;
  private final NodeNetwork network;
  private final String name;
  private final Clock clock;
  private final ObjectNode allocatable;
  private @Nullable ScheduledFuture<?> beat;

  NodeHeartbeat(
      Objects objects, NodeNetwork network, String name, Clock clock, ObjectNode allocatable) {
    this.objects = objects;
    this.network = network;
    this.name = name;
    this.clock = clock;
    this.allocatable = allocatable;
  }

  /** Registers the node as ready and begins to renew its lease. */
  void start(ScheduledExecutorService timer) {
    register();
    renew();
    beat =
        timer.scheduleWithFixedDelay(
            this::renew, RENEW.toMillis(), RENEW.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void register() {
    if (objects.get(Kinds.NODES, null, name).isEmpty()) {
      ObjectNode node = JsonNodeFactory.instance.objectNode();
      node.put("apiVersion", "v1").put("kind", "Node");
      node.putObject("metadata").put("name", name);
      node.putObject("spec");
      objects.create(Kinds.NODES, node);
    }
    objects.modify(Kinds.NODES, null, name, this::labels);
    objects.modifyStatus(Kinds.NODES, null, name, this::status);
  }

  private ObjectNode labels(ObjectNode node) {
    ObjectNode metadata = (ObjectNode) node.path("metadata");
    ObjectNode labels =
        metadata.get("labels") instanceof ObjectNode present
            ? present
            : metadata.putObject("labels");
    labels.put("kubernetes.io/hostname", name);
    labels.put("kubernetes.io/os", "linux").put("kubernetes.io/arch", architecture());
    labels.put("node-role.kubernetes.io/control-plane", "");
    return node;
  }

  private static String architecture() {
    String name = System.getProperty("os.arch", "").toLowerCase(Locale.ROOT);
    return switch (name) {
      case "x86_64", "amd64" -> "amd64";
      case "aarch64" -> "arm64";
      default -> name;
    };
  }

  private ObjectNode status(ObjectNode node) {
    Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
    ObjectNode status =
        node.get("status") instanceof ObjectNode present ? present : node.putObject("status");
    status.set("capacity", allocatable.deepCopy());
    status.set("allocatable", allocatable.deepCopy());
    var addresses = status.putArray("addresses");
    addresses
        .addObject()
        .put("type", "InternalIP")
        .put("address", network.nodeAddress().getHostAddress());
    addresses.addObject().put("type", "Hostname").put("address", name);
    ObjectNode info = status.putObject("nodeInfo");
    info.put("architecture", architecture()).put("operatingSystem", "linux");
    info.put("kernelVersion", System.getProperty("os.version", "unknown"));
    info.put("osImage", "Linux").put("containerRuntimeVersion", "heddle://0.1");
    info.put("kubeletVersion", "v1.33.0-heddle").put("kubeProxyVersion", "v1.33.0-heddle");
    info.put("machineID", "").put("systemUUID", "").put("bootID", "");
    status.putObject("daemonEndpoints").putObject("kubeletEndpoint").put("Port", 10250);
    var conditions = status.putArray("conditions");
    condition(conditions.addObject(), "MemoryPressure", "False", "KubeletHasSufficientMemory", now);
    condition(conditions.addObject(), "DiskPressure", "False", "KubeletHasNoDiskPressure", now);
    condition(conditions.addObject(), "PIDPressure", "False", "KubeletHasSufficientPID", now);
    condition(conditions.addObject(), "Ready", "True", "KubeletReady", now);
    return node;
  }

  private static void condition(
      ObjectNode condition, String type, String status, String reason, Instant now) {
    condition.put("type", type).put("status", status).put("reason", reason);
    condition.put("message", "the node agent reports " + type + "=" + status);
    condition.put("lastHeartbeatTime", now.toString()).put("lastTransitionTime", now.toString());
  }

  private void renew() {
    try {
      String now = clock.instant().truncatedTo(ChronoUnit.MICROS).toString();
      boolean renewed =
          objects
              .modify(
                  Kinds.LEASES,
                  LEASES,
                  name,
                  lease -> {
                    ((ObjectNode) lease.path("spec")).put("renewTime", micro(now));
                    return lease;
                  })
              .isPresent();
      if (!renewed) {
        create(micro(now));
      }
    } catch (RuntimeException e) {
      // An exception here would end the heartbeat for good.
      LOG.warn("the lease of node {} was not renewed: {}", name, e.getMessage());
    }
  }

  private void create(String now) {
    if (objects.get(Kinds.NAMESPACES, null, LEASES).isEmpty()) {
      ObjectNode namespace = JsonNodeFactory.instance.objectNode();
      namespace.put("apiVersion", "v1").put("kind", "Namespace");
      namespace.putObject("metadata").put("name", LEASES);
      objects.create(Kinds.NAMESPACES, namespace);
    }
    ObjectNode lease = JsonNodeFactory.instance.objectNode();
    lease.put("apiVersion", "coordination.k8s.io/v1").put("kind", "Lease");
    lease.putObject("metadata").put("name", name).put("namespace", LEASES);
    lease
        .putObject("spec")
        .put("holderIdentity", name)
        .put("leaseDurationSeconds", LEASE_SECONDS)
        .put("renewTime", now);
    objects.create(Kinds.LEASES, lease);
  }

  /** Six decimals, always, as MicroTime has them. */
  private static String micro(String instant) {
    String seconds = instant.substring(0, 19);
    String fraction = instant.length() > 20 ? instant.substring(20, instant.length() - 1) : "";
    return seconds + "." + (fraction + "000000").substring(0, 6) + "Z";
  }

  @Override
  public void close() {
    if (beat != null) {
      beat.cancel(false);
    }
  }
}
