package heddle.bench.control;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import heddle.kube.KubeObject;
import heddle.xds.NodeName;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.random.RandomGenerator;

/**
 * A mesh by numbers: every service is a VirtualService, a VirtualRouter, a VirtualNode, a
 * Kubernetes service and pods, and calls a few others, picked at random.
 */
final class Town {
  static final String MESH = "town";
  private static final String API_VERSION = "appmesh.k8s.aws/v1beta2";
  private static final int NAMESPACES = 10;
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final int services;
  private final int podsEach;
  private final List<Set<Integer>> backends = new ArrayList<>();
  private final List<Set<Integer>> callers = new ArrayList<>();
  private int seconds = 15;

  Town(int services, int podsEach, int backendsEach, RandomGenerator random) {
    this.services = services;
    this.podsEach = podsEach;
    for (int service = 0; service < services; service++) {
      callers.add(new TreeSet<>());
    }
    for (int service = 0; service < services; service++) {
      Set<Integer> called = new LinkedHashSet<>();
      while (called.size() < Math.min(backendsEach, services - 1)) {
        int other = random.nextInt(services);
        if (other != service) {
          called.add(other);
        }
      }
      backends.add(called);
      for (int other : called) {
        callers.get(other).add(service);
      }
    }
  }

  int services() {
    return services;
  }

  int podsEach() {
    return podsEach;
  }

  /** Which services call one. */
  Set<Integer> callers(int service) {
    return callers.get(service);
  }

  static String namespace(int service) {
    return "quarter-" + service % NAMESPACES;
  }

  static String name(int service) {
    return "shop-" + service;
  }

  static String pod(int service, int pod) {
    return name(service) + "-" + pod;
  }

  /** The cluster by which callers know a service. */
  static String cluster(int service) {
    return "cds_egress_" + MESH + "_" + name(service) + "_" + namespace(service) + "_http_8080";
  }

  /** The id of the sidecar in a service's first pod. */
  String node(int service) {
    return NodeName.ofPod(false, ip(service, 0), namespace(service), pod(service, 0)).id();
  }

  private String ip(int service, int pod) {
    int number = service * podsEach + pod;
    return "10.%d.%d.%d".formatted(64 + number / 62500, number / 250 % 250, 1 + number % 250);
  }

  /** What the others refer to. */
  List<KubeObject> ground() {
    List<KubeObject> objects = new ArrayList<>();
    for (int i = 0; i < Math.min(NAMESPACES, services); i++) {
      objects.add(
          parse("{'apiVersion':'v1','kind':'Namespace','metadata':{'name':'%s'}}", namespace(i)));
    }
    objects.add(
        parse(
            "{'apiVersion':'%s','kind':'Mesh','metadata':{'name':'%s'},"
                + "'spec':{'namespaceSelector':{},'egressFilter':{'type':'DROP_ALL'}}}",
            API_VERSION, MESH));
    return objects;
  }

  /** Everything of one service but its pods, as the webhooks leave it. */
  List<KubeObject> service(int service, String meshUid) {
    String name = name(service);
    String namespace = namespace(service);
    String host = name + "." + namespace + ".svc.cluster.local";
    KubeObject node =
        mesh(
            "VirtualNode",
            service,
            meshUid,
            "'podSelector':{'matchLabels':{'app':'%s'}},"
                + "'listeners':[{'portMapping':{'port':8080,'protocol':'http'},"
                + "'outlierDetection':{'maxServerErrors':5,'maxEjectionPercent':50,"
                + "'interval':{'value':10,'unit':'s'},'baseEjectionDuration':{'value':10,'unit':'s'}}}],"
                + "'serviceDiscovery':{'dns':{'hostname':'%s'}}",
            name,
            host);
    ArrayNode called = ((ObjectNode) node.spec()).putArray("backends");
    for (int other : backends.get(service)) {
      called
          .addObject()
          .putObject("virtualService")
          .putObject("virtualServiceRef")
          .put("name", name(other))
          .put("namespace", namespace(other));
    }
    return List.of(
        parse(
            "{'apiVersion':'v1','kind':'Service','metadata':{'name':'%s','namespace':'%s'},"
                + "'spec':{'selector':{'app':'%s'},'ports':[{'port':8080,'targetPort':8080}]}}",
            name, namespace, name),
        node,
        mesh(
            "VirtualRouter",
            service,
            meshUid,
            "'listeners':[{'portMapping':{'port':8080,'protocol':'http'}}]," + "'routes':[%s,%s]",
            route("orders", "/orders", name, seconds),
            route("rest", "/", name, seconds)),
        mesh(
            "VirtualService",
            service,
            meshUid,
            "'awsName':'%s','provider':{'virtualRouter':{'virtualRouterRef':{'name':'%s'}}}",
            host,
            name));
  }

  private static String route(String route, String prefix, String node, int seconds) {
    return ("{'name':'%s','httpRoute':{'match':{'prefix':'%s'},"
            + "'action':{'weightedTargets':[{'virtualNodeRef':{'name':'%s'},'weight':1}]},"
            + "'timeout':{'perRequest':{'value':%d,'unit':'s'}},"
            + "'retryPolicy':{'maxRetries':2,'perRetryTimeout':{'value':5,'unit':'s'},"
            + "'httpRetryEvents':['server-error','gateway-error']}}}")
        .formatted(route, prefix, node, seconds);
  }

  /** The routes of a service with a timeout that it never had. */
  KubeObject routes(int service) {
    String name = name(service);
    seconds++;
    return parse(
        "{'spec':{'routes':[%s,%s]}}",
        route("orders", "/orders", name, seconds), route("rest", "/", name, seconds));
  }

  /** A running pod that takes traffic. */
  KubeObject podObject(int service, int pod) {
    return parse(
        "{'apiVersion':'v1','kind':'Pod','metadata':{'name':'%s','namespace':'%s',"
            + "'labels':{'app':'%s','tier':'shops','pod-template-hash':'5d8f7c9b6'}},"
            + "'spec':{'containers':[{'name':'app','image':'shop:1','ports':"
            + "[{'name':'http','containerPort':8080}]},{'name':'envoy','image':'envoy:1'}]},"
            + "'status':{'phase':'Running','podIP':'%s','conditions':["
            + "{'type':'Initialized','status':'True'},{'type':'Ready','status':'True'},"
            + "{'type':'ContainersReady','status':'True'},{'type':'PodScheduled','status':'True'}]}}",
        pod(service, pod), namespace(service), name(service), ip(service, pod));
  }

  /** A change of a pod's status. */
  static KubeObject ready(boolean ready) {
    return parse(
        "{'status':{'conditions':[{'type':'Ready','status':'%s'}]}}", ready ? "True" : "False");
  }

  /** A change that concerns everybody. */
  static KubeObject egress(boolean allowAll) {
    return parse("{'spec':{'egressFilter':{'type':'%s'}}}", allowAll ? "ALLOW_ALL" : "DROP_ALL");
  }

  private static KubeObject mesh(
      String kind, int service, String meshUid, String spec, Object... values) {
    return parse(
        "{'apiVersion':'%s','kind':'%s','metadata':{'name':'%s','namespace':'%s'},"
            + "'spec':{'meshRef':{'name':'%s','uid':'%s'},%s}}",
        API_VERSION,
        kind,
        name(service),
        namespace(service),
        MESH,
        meshUid,
        spec.formatted(values));
  }

  private static KubeObject parse(String json, Object... values) {
    try {
      return new KubeObject(
          (ObjectNode) MAPPER.readTree(json.formatted(values).replace('\'', '"')));
    } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
      throw new IllegalStateException("the generator writes bad JSON", e);
    }
  }
}
