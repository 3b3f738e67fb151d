package heddle.resource.appmesh;

import heddle.manifest.Document;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The rules of virtual nodes and virtual gateways. */
final class NodeRules {

  private static final String[] PROTOCOLS = {"tcp", "http", "http2", "grpc"};

  private NodeRules() {}

  static void virtualNode(At spec, Document document) {
    AppMeshRules.selector(spec.child("podSelector"));
    discovery(spec, document);
    listeners(spec, "Virtual Node");
    duplicateBackends(spec, document);
    for (At backend : spec.items("backends")) {
      At service = backend.child("virtualService");
      AppMeshRules.reference(service, "virtualService");
      clientPolicy(service);
    }
    clientPolicy(spec.child("backendDefaults"));
    AppMeshRules.logging(spec);
  }

  static void virtualGateway(At spec) {
    AppMeshRules.selector(spec.child("podSelector"));
    AppMeshRules.selector(spec.child("namespaceSelector"));
    AppMeshRules.selector(spec.child("gatewayRouteSelector"));
    listeners(spec, "Virtual Gateway");
    clientPolicy(spec.child("backendDefaults"));
    AppMeshRules.logging(spec);
  }

  private static void discovery(At spec, Document document) {
    At discovery = spec.child("serviceDiscovery");
    if (discovery != null) {
      discovery.exactlyOne("dns", "awsCloudMap");
    } else if (!spec.map().items("listeners").isEmpty()) {
      spec.errorAt(
          "serviceDiscovery",
          "required",
          "ServiceDiscovery missing for VirtualNode-"
              + document.name()
              + ". ServiceDiscovery must be specified when a listener is specified.");
    }
  }

  private static void duplicateBackends(At spec, Document document) {
    Set<String> seen = new HashSet<>();
    String own = document.namespace() == null ? "default" : document.namespace();
    for (At backend : spec.items("backends")) {
      At service = backend.child("virtualService");
      At ref = service == null ? null : service.child("virtualServiceRef");
      if (ref != null) {
        String namespace = ref.has("namespace") ? ref.map().text("namespace") : own;
        if (!seen.add(ref.map().text("name") + "-" + namespace)) {
          ref.errorAt(
              "name",
              "duplicate",
              "VirtualNode-"
                  + document.name()
                  + " has duplicate VirtualServiceReferences "
                  + ref.map().text("name"));
        }
      } else if (service != null && service.has("virtualServiceARN")) {
        String arn = service.map().text("virtualServiceARN");
        if (!seen.add(String.valueOf(arn))) {
          service.errorAt(
              "virtualServiceARN",
              "duplicate",
              "VirtualNode-"
                  + document.name()
                  + " has duplicate VirtualServiceReferenceARNs "
                  + arn);
        }
      }
    }
  }

  private static void listeners(At spec, String kind) {
    Set<Long> ports = new HashSet<>();
    for (At listener : spec.items("listeners")) {
      At mapping = listener.child("portMapping");
      if (mapping == null) {
        continue;
      }
      Long port = mapping.map().whole("port");
      if (port != null && !ports.add(port)) {
        mapping.errorAt("port", "duplicate", port + " is the port of two listeners");
      }
      String protocol = String.valueOf(mapping.map().text("protocol"));
      pool(listener, protocol, kind);
      timeout(listener.child("timeout"), protocol);
      healthCheck(listener.child("healthCheck"), port);
      tls(listener.child("tls"));
    }
  }

  private static void pool(At listener, String protocol, String kind) {
    At pool = listener.child("connectionPool");
    if (pool == null) {
      return;
    }
    if (pool.present(PROTOCOLS).size() > 1) {
      pool.error("exactly-one", "Only one type of " + kind + " Connection Pool is allowed");
    } else {
      matchesProtocol(pool, protocol);
    }
  }

  private static void timeout(@Nullable At timeout, String protocol) {
    if (timeout != null) {
      timeout.exactlyOne(PROTOCOLS);
      matchesProtocol(timeout, protocol);
    }
  }

  private static void matchesProtocol(At choice, String protocol) {
    List<String> present = choice.present(PROTOCOLS);
    if (present.isEmpty()) {
      choice.exactlyOne(PROTOCOLS);
    } else if (present.size() == 1 && !present.getFirst().equals(protocol)) {
      choice.errorAt(
          present.getFirst(),
          "protocol-mismatch",
          present.getFirst() + " (expected: " + protocol + ", the listener's protocol)");
    }
  }

  private static void healthCheck(@Nullable At check, @Nullable Long listenerPort) {
    if (check == null) {
      return;
    }
    Long port = check.map().whole("port");
    if (port != null && !port.equals(listenerPort)) {
      check.errorAt(
          "port", "port-mismatch", port + " (expected: " + listenerPort + ", the listener's port)");
    }
    String protocol = String.valueOf(check.map().text("protocol"));
    if (check.has("path") && !protocol.equals("http") && !protocol.equals("http2")) {
      check.errorAt(
          "path",
          "not-applicable",
          "a path for a " + protocol + " health check (expected: only for http and http2)");
    }
  }

  private static void tls(@Nullable At tls) {
    if (tls == null) {
      return;
    }
    At certificate = tls.child("certificate");
    if (certificate != null) {
      certificate.exactlyOne("acm", "file", "sds");
    }
    validation(tls.child("validation"));
  }

  private static void clientPolicy(@Nullable At owner) {
    At policy = owner == null ? null : owner.child("clientPolicy");
    At tls = policy == null ? null : policy.child("tls");
    if (tls == null) {
      return;
    }
    At certificate = tls.child("certificate");
    if (certificate != null) {
      certificate.exactlyOne("file", "sds");
    }
    validation(tls.child("validation"));
  }

  private static void validation(@Nullable At validation) {
    At trust = validation == null ? null : validation.child("trust");
    if (trust != null) {
      trust.exactlyOne("acm", "file", "sds");
    }
  }
}
