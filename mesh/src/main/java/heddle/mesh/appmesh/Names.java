package heddle.mesh.appmesh;

import heddle.resource.appmesh.Mesh;
import heddle.resource.appmesh.Protocol;
import heddle.resource.appmesh.VirtualGateway;
import heddle.resource.appmesh.VirtualNode;

/** The names that App Mesh's control plane gave to things; dashboards depend on them. */
final class Names {

  static final int INGRESS_PORT = 15000;
  static final int EGRESS_PORT = 15001;

  private Names() {}

  static String nodeId(Mesh mesh, VirtualNode node) {
    return "mesh/" + mesh.awsName() + "/virtualNode/" + node.awsName();
  }

  static String nodeId(Mesh mesh, VirtualGateway gateway) {
    return "mesh/" + mesh.awsName() + "/virtualGateway/" + gateway.awsName();
  }

  static String ingressListener(int port) {
    return "lds_ingress_0.0.0.0_" + port;
  }

  static String egressListener() {
    return "lds_egress_0.0.0.0_" + EGRESS_PORT;
  }

  static String ingressRoutes(Protocol protocol, int port) {
    return "rds_ingress_" + protocol.word() + "_" + port;
  }

  /** One name for the whole HTTP family, because one filter chain serves a port. */
  static String egressRoutes(int port) {
    return "rds_egress_http_" + port;
  }

  static String egressCluster(Mesh mesh, VirtualNode node, Protocol protocol, int port) {
    return "cds_egress_"
        + mesh.awsName()
        + "_"
        + node.awsName()
        + "_"
        + protocol.word()
        + "_"
        + port;
  }

  static String ingressCluster(Mesh mesh, VirtualNode node, Protocol protocol, int port) {
    return "cds_ingress_"
        + mesh.awsName()
        + "_"
        + node.awsName()
        + "_"
        + protocol.word()
        + "_"
        + port;
  }

  static String amazon(Mesh mesh) {
    return "cds_egress_" + mesh.awsName() + "_amazonaws";
  }

  static String passthrough(Mesh mesh) {
    return "cds_egress_" + mesh.awsName() + "_mesh-allow-all";
  }

  /** The gateway's way back to itself, from the first hop to the second. */
  static String selfRedirect(
      Mesh mesh, VirtualGateway gateway, Protocol protocol, int listenerPort) {
    String listener = gateway.listeners().size() > 1 ? listenerPort + "_" : "";
    return "cds_ingress_"
        + mesh.awsName()
        + "_"
        + gateway.awsName()
        + "_self_redirect_"
        + listener
        + protocol.word()
        + "_"
        + EGRESS_PORT;
  }
}
