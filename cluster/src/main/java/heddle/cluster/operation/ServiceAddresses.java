package heddle.cluster.operation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import heddle.cluster.object.ApiException;
import heddle.cluster.object.Metadata;
import heddle.cluster.store.Store;
import heddle.cluster.store.Stored;
import heddle.cluster.type.Problems;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Gives services their cluster addresses (10.96.0.0/16) and node ports (30000–32767).
 *
 * <p>10.96.0.1 belongs to {@code default/kubernetes} and 10.96.0.10 to DNS; what is given out by
 * itself starts above the static band of 256 addresses. Source: kubernetes.io, "Service ClusterIP
 * allocation".
 */
final class ServiceAddresses {
  private static final String NETWORK = "10.96.";
  private static final int FIRST_DYNAMIC = 257;
  private static final int LAST = 65534;
  private static final int FIRST_PORT = 30000;
  private static final int LAST_PORT = 32767;

  private final Store store;
  private final Set<String> reserved = new HashSet<>();
  private int nextAddress = FIRST_DYNAMIC;
  private int nextPort = FIRST_PORT;

  ServiceAddresses(Store store) {
    this.store = store;
  }

  /** What one write holds until it is stored or dropped. */
  final class Reservation implements AutoCloseable {
    private final Set<String> held = new HashSet<>();

    @Override
    public void close() {
      synchronized (ServiceAddresses.this) {
        reserved.removeAll(held);
      }
    }
  }

  /** Completes a service in place. */
  synchronized Reservation complete(ObjectNode service, @Nullable ObjectNode old) {
    Reservation reservation = new Reservation();
    ObjectNode spec = (ObjectNode) service.path("spec");
    Set<String> used = used(Metadata.uid(service));
    if (old != null) {
      // What a service has it keeps, also while another write of it is on its way.
      JsonNode before = old.path("spec");
      used.remove(before.path("clusterIP").asText(""));
      before
          .path("ports")
          .forEach(port -> used.remove(portKey(port, port.path("nodePort").asInt())));
    }
    Problems problems = new Problems();
    address(spec, old, used, reservation, problems);
    ports(spec, old, used, reservation, problems);
    reserved.addAll(reservation.held);
    if (!problems.isEmpty()) {
      reservation.close();
      problems.check(
          new heddle.cluster.object.ResourceType("", "v1", "services", "Service", true),
          Metadata.name(service));
    }
    return reservation;
  }

  private Set<String> used(String self) {
    Set<String> used = new HashSet<>(reserved);
    for (Stored stored : store.list("services", "").items()) {
      if (!Metadata.uid(stored.object()).equals(self)) {
        JsonNode spec = stored.object().path("spec");
        used.add(spec.path("clusterIP").asText(""));
        spec.path("ports").forEach(port -> used.add(portKey(port, port.path("nodePort").asInt())));
      }
    }
    return used;
  }

  private void address(
      ObjectNode spec,
      @Nullable ObjectNode old,
      Set<String> used,
      Reservation reservation,
      Problems problems) {
    if (spec.path("type").asText().equals("ExternalName")) {
      spec.remove("clusterIP");
      spec.remove("clusterIPs");
      return;
    }
    String wanted = spec.path("clusterIP").asText("");
    if (wanted.isEmpty() && old != null) {
      wanted = old.path("spec").path("clusterIP").asText("");
    }
    if (wanted.isEmpty()) {
      wanted = free(used);
    } else if (!wanted.equals("None")) {
      if (!inNetwork(wanted)) {
        problems.invalid(
            "spec.clusterIPs",
            "[" + wanted + "]",
            "failed to allocate IP "
                + wanted
                + ": the provided IP ("
                + wanted
                + ") is not in the valid range. The range of valid IPs is 10.96.0.0/16");
      } else if (used.contains(wanted)) {
        problems.invalid(
            "spec.clusterIPs",
            "[" + wanted + "]",
            "failed to allocate IP " + wanted + ": provided IP is already allocated");
      }
    }
    if (!wanted.equals("None")) {
      reservation.held.add(wanted);
    }
    spec.put("clusterIP", wanted);
    spec.putArray("clusterIPs").add(wanted);
  }

  private String free(Set<String> used) {
    for (int tried = FIRST_DYNAMIC; tried <= LAST; tried++) {
      int number = nextAddress;
      nextAddress = number == LAST ? FIRST_DYNAMIC : number + 1;
      String address = NETWORK + (number >> 8) + "." + (number & 0xff);
      if (!used.contains(address)) {
        return address;
      }
    }
    throw new ApiException(500, "InternalError", "all addresses of 10.96.0.0/16 are in use");
  }

  private static boolean inNetwork(String address) {
    String[] parts = address.split("\\.", -1);
    if (parts.length != 4 || !address.startsWith(NETWORK)) {
      return false;
    }
    try {
      int third = Integer.parseInt(parts[2]);
      int fourth = Integer.parseInt(parts[3]);
      int number = third << 8 | fourth;
      return third >= 0
          && third < 256
          && fourth >= 0
          && fourth < 256
          && number > 0
          && number <= LAST;
    } catch (NumberFormatException e) {
      return false;
    }
  }

  private void ports(
      ObjectNode spec,
      @Nullable ObjectNode old,
      Set<String> used,
      Reservation reservation,
      Problems problems) {
    String type = spec.path("type").asText();
    boolean wanted =
        type.equals("NodePort")
            || (type.equals("LoadBalancer")
                && spec.path("allocateLoadBalancerNodePorts").asBoolean(true));
    int index = 0;
    for (JsonNode entry : spec.path("ports")) {
      String at = "spec.ports[" + index++ + "].nodePort";
      if (!(entry instanceof ObjectNode port)) {
        continue;
      }
      int number = port.path("nodePort").asInt();
      if (!wanted) {
        port.remove("nodePort");
        continue;
      }
      number = number == 0 ? before(port, old) : number;
      number = number == 0 ? freePort(port, used) : number;
      String key = portKey(port, number);
      if (number < FIRST_PORT || number > LAST_PORT) {
        problems.invalid(
            at,
            number,
            "provided port is not in the valid range. The range of valid ports is"
                + " 30000-32767");
      } else if (used.contains(key) || !reservation.held.add(key)) {
        problems.invalid(at, number, "provided port is already allocated");
      }
      used.add(key);
      port.put("nodePort", number);
    }
  }

  private static int before(JsonNode port, @Nullable ObjectNode old) {
    if (old != null) {
      for (JsonNode candidate : old.path("spec").path("ports")) {
        if (candidate.path("port").equals(port.path("port"))
            && candidate.path("protocol").equals(port.path("protocol"))) {
          return candidate.path("nodePort").asInt();
        }
      }
    }
    return 0;
  }

  private int freePort(JsonNode port, Set<String> used) {
    for (int tried = FIRST_PORT; tried <= LAST_PORT; tried++) {
      int number = nextPort;
      nextPort = number == LAST_PORT ? FIRST_PORT : number + 1;
      if (!used.contains(portKey(port, number))) {
        return number;
      }
    }
    throw new ApiException(500, "InternalError", "all node ports 30000-32767 are in use");
  }

  private static String portKey(JsonNode port, int number) {
    return number == 0 ? "" : port.path("protocol").asText("TCP") + number;
  }
}
