package heddle.cluster.dial;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import heddle.cluster.informer.Kinds;
import heddle.cluster.object.ApiException;
import heddle.cluster.object.Metadata;
import heddle.cluster.object.Objects;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** Finds a ready endpoint of a service, at random, as a connection to its address would. */
public final class ServiceResolver {
  private final Objects objects;
  private final RandomGenerator random;

  public ServiceResolver(Objects objects, RandomGenerator random) {
    this.objects = objects;
    this.random = random;
  }

  /**
   * @param port the service's port: a number, a name, or empty for the only one
   * @throws ApiException 404 when there is no such service, 503 when it has no such port or no
   *     ready endpoint
   */
  public InetSocketAddress resolve(String namespace, String name, String port) {
    ObjectNode service =
        objects
            .get(Kinds.SERVICES, namespace, name)
            .orElseThrow(() -> ApiException.notFound(Kinds.SERVICES, name));
    String portName = portName(service, name, port);
    List<InetSocketAddress> ready = new ArrayList<>();
    for (ObjectNode slice : objects.list(Kinds.ENDPOINT_SLICES, namespace).items()) {
      if (name.equals(Metadata.labels(slice).get("kubernetes.io/service-name"))) {
        ready.addAll(ready(slice, portName));
      }
    }
    if (ready.isEmpty()) {
      throw unavailable("no endpoints available for service \"" + name + "\"");
    }
    return ready.get(random.nextInt(ready.size()));
  }

  private static String portName(ObjectNode service, String name, String port) {
    JsonNode ports = service.path("spec").path("ports");
    for (JsonNode candidate : ports) {
      boolean same =
          port.isEmpty()
              ? ports.size() == 1
              : candidate.path("port").asText().equals(port)
                  || candidate.path("name").asText("").equals(port);
      if (same) {
        return candidate.path("name").asText("");
      }
    }
    throw unavailable("no service port \"" + port + "\" found for service \"" + name + "\"");
  }

  private static List<InetSocketAddress> ready(ObjectNode slice, String portName) {
    var found = new ArrayList<InetSocketAddress>();
    for (JsonNode port : slice.path("ports")) {
      if (port.path("name").asText("").equals(portName)) {
        for (JsonNode endpoint : slice.path("endpoints")) {
          if (endpoint.path("conditions").path("ready").asBoolean(true)) {
            endpoint
                .path("addresses")
                .forEach(ip -> found.add(address(ip.asText(), port.path("port").asInt())));
          }
        }
      }
    }
    return found;
  }

  private static InetSocketAddress address(String ip, int port) {
    return new InetSocketAddress(literal(ip), port);
  }

  private static InetAddress literal(String ip) {
    try {
      return InetAddress.ofLiteral(ip);
    } catch (IllegalArgumentException e) {
      throw unavailable("endpoint address \"" + ip + "\" is not an IP address");
    }
  }

  private static ApiException unavailable(String message) {
    return new ApiException(503, "ServiceUnavailable", message);
  }
}
