package heddle.cluster.stream;

import heddle.cluster.node.PodAccess;
import heddle.cluster.object.ApiException;
import heddle.cluster.server.Exchange;
import heddle.cluster.server.Subresource;
import heddle.cluster.server.Target;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** {@code pods/NAME/portforward}: SPDY, SPDY inside a WebSocket, and numbered channels. */
final class PortForwardEndpoint implements Subresource {
  private static final String SPDY = "portforward.k8s.io";
  private static final String TUNNEL = "SPDY/3.1+portforward.k8s.io";

  private final PodAccess pods;
  private final PodContainers containers;

  PortForwardEndpoint(PodAccess pods, PodContainers containers) {
    this.pods = pods;
    this.containers = containers;
  }

  @Override
  public boolean handles(Target target) {
    return target.group().isEmpty()
        && target.resource().equals("pods")
        && target.subresource().equals("portforward");
  }

  @Override
  public void handle(Exchange exchange) throws IOException {
    Target target = exchange.target();
    containers.pod(target.namespace(), target.name());
    Handshake.require(exchange);
    PortForward.Dialer dialer = port -> pods.connect(target.namespace(), target.name(), port);
    if (Handshake.spdy(exchange)) {
      String protocol = Handshake.spdyProtocol(exchange, List.of(SPDY));
      var connection = exchange.upgrade(Handshake.spdyHeaders(protocol));
      try (var forward = new PortForward(dialer)) {
        forward.run(connection.input(), connection.output());
      } finally {
        connection.close();
      }
    } else {
      webSocket(exchange, dialer);
    }
  }

  private static void webSocket(Exchange exchange, PortForward.Dialer dialer) throws IOException {
    String protocol =
        Handshake.webSocketProtocol(
            exchange,
            offered -> offered.equals(TUNNEL) || WebSocketChannels.known(offered),
            "v4.channel.k8s.io");
    boolean tunnel = protocol.equals(TUNNEL);
    List<Integer> ports = tunnel ? List.of() : ports(exchange);
    var connection = exchange.upgrade(Handshake.webSocketHeaders(exchange, protocol));
    var socket = new WebSocketConnection(connection.input(), connection.output());
    try {
      if (tunnel) {
        try (var forward = new PortForward(dialer)) {
          forward.run(socket.asInput(), socket.asOutput());
        }
        socket.close(1000, "");
      } else {
        var channels = new WebSocketChannels(socket, protocol);
        try (var forward = new WebSocketPortForward(channels, dialer)) {
          forward.run(ports);
        }
      }
    } finally {
      connection.close();
    }
  }

  private static List<Integer> ports(Exchange exchange) {
    var ports = new ArrayList<Integer>();
    for (String values : exchange.query().getOrDefault("ports", List.of())) {
      for (String value : values.split(",", -1)) {
        ports.add(port(value.strip()));
      }
    }
    if (ports.isEmpty()) {
      throw ApiException.badRequest("query parameter \"ports\" is required");
    }
    return ports;
  }

  private static int port(String text) {
    try {
      int port = Integer.parseInt(text);
      if (port > 0 && port < 65536) {
        return port;
      }
    } catch (NumberFormatException e) {
      throw ApiException.badRequest(
          "unable to parse \"" + text + "\" as a port: " + e.getMessage());
    }
    throw ApiException.badRequest("port " + text + " (expected: 1 to 65535)");
  }
}
