package heddle.control.inject;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import heddle.kube.KubeObject;
import heddle.mesh.PodAssignment;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether a pod is injected, and builds the injected pod. Source of the semantics: the App
 * Mesh controller v1.13, but for the preStop hook (see the package) and the readiness probe, which
 * asks {@code /ready} each second instead of running a shell each ten.
 */
public final class SidecarInjector {
  /** The pod annotation and the namespace label that switch injection on and off. */
  public static final String SWITCH = PodNotes.PREFIX + "sidecarInjectorWebhook";

  /** The readiness gate of pods that Cloud Map knows. */
  public static final String CLOUD_MAP_GATE = "conditions.appmesh.k8s.aws/aws-cloudmap-healthy";

  /**
   * The pod annotation that names conditions for which the stop of the pod's containers waits, as
   * its readiness waits for its readiness gates. Heddle's node agent honours it.
   */
  public static final String STOP_GATES = "heddle.dev/stop-gates";

  /** The condition that says that no data plane sends the pod new requests any more. */
  public static final String STOP_GATE = "heddle.dev/endpoints-withdrawn";

  /**
   * The pod annotation that names containers, separated by commas, that stop after all others, as
   * sidecars do. Heddle's node agent honours it.
   */
  public static final String STOP_LAST = "heddle.dev/stop-last";

  static final String ENVOY = "envoy";
  private static final String INIT = "proxyinit";
  private static final String CONTROLLER_VERSION = "v1.13.1";
  private static final int ADMIN_PORT = 9901;
  private static final int PROXY_UID = 1337;
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private final InjectionSettings settings;

  public SidecarInjector(InjectionSettings settings) {
    this.settings = settings;
  }

  /**
   * What becomes of a pod that is being created.
   *
   * @param namespaceLabels of the pod's namespace
   * @param assignment which node of the mesh it is
   * @param cloudMap whether that node is found through Cloud Map
   */
  public Injection inject(
      KubeObject pod,
      Map<String, String> namespaceLabels,
      PodAssignment assignment,
      boolean cloudMap) {
    String wish = pod.annotations().getOrDefault(SWITCH, namespaceLabels.getOrDefault(SWITCH, ""));
    if (wish.equals("disabled")) {
      return new Injection.Untouched();
    }
    try {
      return switch (assignment) {
        case PodAssignment.Ambiguous(String message) -> new Injection.Rejected(message);
        case PodAssignment.None() ->
            wish.equals("enabled")
                ? new Injection.Rejected(
                    "sidecarInject enabled but no matching VirtualNode or VirtualGateway found")
                : new Injection.Untouched();
        case PodAssignment.Assigned node when node.gateway() -> gateway(pod, node);
        case PodAssignment.Assigned node -> sidecar(pod, node, cloudMap);
      };
    } catch (IllegalArgumentException e) {
      return new Injection.Rejected(String.valueOf(e.getMessage()));
    }
  }

  private Injection sidecar(KubeObject pod, PodAssignment.Assigned node, boolean cloudMap) {
    if (container(pod.spec().path("containers"), ENVOY) != null) {
      return new Injection.Untouched();
    }
    PodNotes notes = new PodNotes(pod.annotations());
    ObjectNode injected = pod.copy().json();
    ObjectNode spec = injected.withObjectProperty("spec");
    spec.withArrayProperty("initContainers").add(init(notes, node));
    DataPlane plane = DataPlane.of(pod, settings.dataPlane());
    ObjectNode envoy = envoy(plane, notes, node);
    mount(notes, spec, envoy);
    ArrayNode containers = spec.withArrayProperty("containers");
    if (notes.enabled("waitUntilProxyReady")) {
      containers.insert(0, envoy);
    } else {
      containers.add(envoy);
    }
    ObjectNode security = spec.withObjectProperty("securityContext");
    if (!security.hasNonNull("fsGroup")) {
      security.put("fsGroup", PROXY_UID);
    }
    listed(injected, STOP_GATES, STOP_GATE);
    if (plane == DataPlane.ENVOY) {
      listed(injected, STOP_LAST, ENVOY);
      chosen(injected, plane);
    }
    if (cloudMap) {
      spec.withArrayProperty("readinessGates").addObject().put("conditionType", CLOUD_MAP_GATE);
    }
    return new Injection.Injected(injected, warnings(notes));
  }

  /** Adds an item to an annotation that is a list. */
  private static void listed(ObjectNode pod, String annotation, String item) {
    ObjectNode annotations = pod.withObjectProperty("metadata").withObjectProperty("annotations");
    String others = annotations.path(annotation).asText();
    annotations.put(annotation, others.isEmpty() ? item : others + "," + item);
  }

  /** Says on the pod what was chosen, by it or for it. */
  private static void chosen(ObjectNode pod, DataPlane plane) {
    pod.withObjectProperty("metadata")
        .withObjectProperty("annotations")
        .put(DataPlane.ANNOTATION, plane.word());
  }

  private Injection gateway(KubeObject pod, PodAssignment.Assigned node) {
    ObjectNode injected = pod.copy().json();
    ObjectNode envoy = container(injected.path("spec").path("containers"), ENVOY);
    if (envoy == null) {
      return new Injection.Rejected(
          "the pod of " + node.nodeId() + " has no container named envoy (expected: one)");
    }
    PodNotes notes = new PodNotes(pod.annotations());
    List<String> warnings = warnings(notes);
    boolean ownImage = notes.enabled("virtualGatewaySkipImageOverride");
    DataPlane plane = DataPlane.of(pod, settings.dataPlane());
    switch (plane) {
      case EMBEDDED -> {
        if (!ownImage) {
          envoy.put("image", settings.envoyImage());
        }
      }
      case ENVOY -> {
        StockEnvoy.into(envoy, settings.stockEnvoyImage());
        chosen(injected, plane);
        if (ownImage) {
          warnings.add(
              PodNotes.PREFIX
                  + "virtualGatewaySkipImageOverride: the data plane envoy brings its own image");
        }
      }
    }
    environment(plane, notes, node, envoy.withArrayProperty("env"));
    if (!envoy.has("readinessProbe")) {
      envoy.set("readinessProbe", readinessProbe());
    }
    return new Injection.Injected(injected, warnings);
  }

  private ObjectNode init(PodNotes notes, PodAssignment.Assigned node) {
    String ports = node.ports().stream().map(String::valueOf).collect(Collectors.joining(","));
    Map<String, String> variables = new LinkedHashMap<>();
    variables.put("APPMESH_START_ENABLED", "1");
    variables.put("APPMESH_IGNORE_UID", notes.get("ignoredUID", String.valueOf(PROXY_UID)));
    if (notes.has("ignoredGID")) {
      variables.put("APPMESH_IGNORE_GID", notes.get("ignoredGID", ""));
    }
    variables.put("APPMESH_ENVOY_INGRESS_PORT", notes.get("proxyIngressPort", "15000"));
    variables.put("APPMESH_ENVOY_EGRESS_PORT", notes.get("proxyEgressPort", "15001"));
    variables.put("APPMESH_APP_PORTS", notes.get("ports", ports));
    variables.put("APPMESH_EGRESS_IGNORED_IP", notes.get("egressIgnoredIPs", "169.254.169.254"));
    variables.put("APPMESH_EGRESS_IGNORED_PORTS", notes.get("egressIgnoredPorts", "22"));
    variables.put("APPMESH_ENABLE_IPV6", notes.enabled("ipv6") ? "1" : "0");
    ObjectNode container = JSON.objectNode().put("name", INIT).put("image", settings.initImage());
    variables.forEach((name, value) -> add(container.withArrayProperty("env"), name, value));
    container
        .putObject("securityContext")
        .putObject("capabilities")
        .putArray("add")
        .add("NET_ADMIN");
    requests(notes, container);
    return container;
  }

  private ObjectNode envoy(DataPlane plane, PodNotes notes, PodAssignment.Assigned node) {
    ObjectNode envoy = JSON.objectNode().put("name", ENVOY);
    switch (plane) {
      case EMBEDDED -> {
        envoy.put("image", settings.envoyImage());
        envoy.putObject("securityContext").put("runAsUser", PROXY_UID);
      }
      case ENVOY -> StockEnvoy.into(envoy, settings.stockEnvoyImage());
    }
    envoy
        .putArray("ports")
        .addObject()
        .put("containerPort", ADMIN_PORT)
        .put("name", "stats")
        .put("protocol", "TCP");
    environment(plane, notes, node, envoy.putArray("env"));
    requests(notes, envoy);
    envoy.set("readinessProbe", readinessProbe());
    return envoy;
  }

  private static ObjectNode readinessProbe() {
    ObjectNode probe = JSON.objectNode();
    probe.putObject("httpGet").put("path", "/ready").put("port", ADMIN_PORT);
    return probe
        .put("initialDelaySeconds", 1)
        .put("periodSeconds", 1)
        .put("timeoutSeconds", 1)
        .put("failureThreshold", 3);
  }

  private static void requests(PodNotes notes, ObjectNode container) {
    ObjectNode resources = container.putObject("resources");
    resources
        .putObject("requests")
        .put("cpu", notes.get("cpuRequest", "10m"))
        .put("memory", notes.get("memoryRequest", "32Mi"));
    if (notes.has("cpuLimit")) {
      resources.withObjectProperty("limits").put("cpu", notes.get("cpuLimit", ""));
    }
    if (notes.has("memoryLimit")) {
      resources.withObjectProperty("limits").put("memory", notes.get("memoryLimit", ""));
    }
  }

  /** The controller's variables win over those that the container or annotations bring. */
  private void environment(
      DataPlane plane, PodNotes notes, PodAssignment.Assigned node, ArrayNode env) {
    Map<String, String> variables = new LinkedHashMap<>(notes.environment());
    settings
        .extraEnv()
        .forEach(
            (name, value) -> {
              if (!name.equals("XRAY_SAMPLING_RATE") || !variables.containsKey(name)) {
                variables.put(name, value);
              }
            });
    variables.put("APPMESH_RESOURCE_ARN", node.nodeId());
    variables.put("APPMESH_VIRTUAL_NODE_NAME", node.nodeId());
    variables.put("AWS_REGION", settings.region());
    variables.put("ENVOY_LOG_LEVEL", "info");
    variables.put("ENVOY_ADMIN_ACCESS_PORT", String.valueOf(ADMIN_PORT));
    variables.put("ENVOY_ADMIN_ACCESS_LOG_FILE", "/tmp/envoy_admin_access.log");
    variables.put("ENVOY_ADMIN_ACCESS_ENABLE_IPV6", "false");
    variables.put("APPMESH_PREVIEW", notes.enabled("preview") ? "1" : "0");
    variables.put("APPMESH_DUALSTACK_ENDPOINT", "0");
    variables.put("APPMESH_FIPS_ENDPOINT", "0");
    variables.put("APPMESH_PLATFORM_K8S_VERSION", settings.kubernetesVersion());
    variables.put("APPMESH_PLATFORM_APP_MESH_CONTROLLER_VERSION", CONTROLLER_VERSION);
    variables.put("APPNET_AGENT_ADMIN_MODE", "uds");
    variables.put("APPNET_AGENT_ADMIN_UDS_PATH", "/tmp/agent.sock");
    if (plane == DataPlane.ENVOY) {
      variables.putAll(StockEnvoy.variables(node.gateway()));
      StockEnvoy.fields().forEach((name, path) -> addField(env, name, path));
    }
    variables.forEach((name, value) -> add(env, name, value));
    addField(env, "APPMESH_PLATFORM_K8S_POD_UID", "metadata.uid");
  }

  private static void addField(ArrayNode env, String name, String path) {
    ObjectNode variable = replaced(env, name);
    variable.putObject("valueFrom").putObject("fieldRef").put("fieldPath", path);
  }

  private static void add(ArrayNode env, String name, String value) {
    replaced(env, name).put("value", value);
  }

  /** The variable of that name without a value, in its old place if it had one. */
  private static ObjectNode replaced(ArrayNode env, String name) {
    for (JsonNode each : env) {
      if (each instanceof ObjectNode variable && variable.path("name").asText().equals(name)) {
        variable.remove(List.of("value", "valueFrom"));
        return variable;
      }
    }
    return env.addObject().put("name", name);
  }

  private static void mount(PodNotes notes, ObjectNode spec, ObjectNode envoy) {
    notes
        .mounts("secretMounts")
        .forEach(
            (secret, path) -> {
              spec.withArrayProperty("volumes")
                  .addObject()
                  .put("name", secret)
                  .putObject("secret")
                  .put("secretName", secret);
              mount(envoy, secret, path);
            });
    notes.mounts("volumeMounts").forEach((volume, path) -> mount(envoy, volume, path));
  }

  private static void mount(ObjectNode envoy, String volume, String path) {
    envoy
        .withArrayProperty("volumeMounts")
        .addObject()
        .put("name", volume)
        .put("mountPath", path)
        .put("readOnly", true);
  }

  private static @Nullable ObjectNode container(JsonNode containers, String name) {
    for (JsonNode each : containers) {
      if (each instanceof ObjectNode container && container.path("name").asText().equals(name)) {
        return container;
      }
    }
    return null;
  }

  private static List<String> warnings(PodNotes notes) {
    List<String> warnings = new ArrayList<>();
    if (notes.enabled("appmeshCNI")) {
      warnings.add("appmesh.k8s.aws/appmeshCNI: there is no CNI plugin; proxyinit redirects");
    }
    if (notes.enabled("sds")) {
      warnings.add("appmesh.k8s.aws/sds: certificates from an SDS socket are not supported");
    }
    if (notes.has("xrayAgentConfigMount")) {
      warnings.add("appmesh.k8s.aws/xrayAgentConfigMount: X-Ray is not supported");
    }
    return warnings;
  }
}
