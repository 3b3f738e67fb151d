package heddle.mesh.appmesh;

import heddle.manifest.FieldPath;
import heddle.resource.appmesh.AppMeshResource;
import heddle.resource.appmesh.Tls;
import heddle.resource.appmesh.VirtualGateway;
import heddle.resource.appmesh.VirtualNode;
import org.jspecify.annotations.Nullable;

/**
 * Refuses nodes and gateways that ask for TLS, which is not compiled yet: serving them in plaintext
 * would be worse than not serving them.
 */
final class TlsRefusal {

  private final MeshIndex index;
  private final Findings findings;

  TlsRefusal(MeshIndex index, Findings findings) {
    this.index = index;
    this.findings = findings;
  }

  void checkAll() {
    index.members(VirtualNode.class).forEach(this::node);
    index.members(VirtualGateway.class).forEach(this::gateway);
  }

  private void node(VirtualNode node) {
    FieldPath spec = node.path().field("spec");
    for (int i = 0; i < node.listeners().size(); i++) {
      listener(node, node.listeners().get(i).tls(), spec.field("listeners").index(i));
    }
    for (int i = 0; i < node.backends().size(); i++) {
      client(
          node,
          node.backends().get(i).clientPolicy(),
          spec.field("backends").index(i).field("virtualService"));
    }
    client(node, node.backendDefaults(), spec.field("backendDefaults"));
  }

  private void gateway(VirtualGateway gateway) {
    FieldPath spec = gateway.path().field("spec");
    for (int i = 0; i < gateway.listeners().size(); i++) {
      listener(gateway, gateway.listeners().get(i).tls(), spec.field("listeners").index(i));
    }
    client(gateway, gateway.backendDefaults(), spec.field("backendDefaults"));
  }

  private void listener(AppMeshResource owner, Tls.@Nullable Listener tls, FieldPath path) {
    if (tls != null && tls.mode() != Tls.Mode.DISABLED) {
      refuse(owner, path.field("tls"), "mode " + tls.mode(), "mode DISABLED");
    }
  }

  private void client(AppMeshResource owner, Tls.@Nullable ClientPolicy policy, FieldPath path) {
    if (policy != null && policy.enforce()) {
      refuse(owner, path.fields("clientPolicy", "tls"), "enforced TLS", "enforce: false");
    } else if (policy != null) {
      findings.warn(
          owner,
          "unsupported",
          path.fields("clientPolicy", "tls"),
          "TLS is not supported yet, so the connection is plaintext",
          "remove the policy, or keep enforce: false");
    }
  }

  private void refuse(AppMeshResource owner, FieldPath path, String found, String expected) {
    findings.fail(
        owner,
        "Unsupported",
        "unsupported",
        path,
        "TLS is not supported yet: " + found + " (expected: no TLS, or " + expected + ")");
    index.refuse(owner);
  }
}
