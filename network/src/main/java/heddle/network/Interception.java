package heddle.network;

import java.util.List;
import java.util.Set;

/**
 * Which traffic of a pod its sidecar takes. The same rules serve the embedded proxy and Envoy.
 *
 * <p>Loopback traffic, probes from the node's address, and sockets marked with {@link #PROXY_MARK}
 * are never taken.
 *
 * @param inboundPort port of the sidecar's inbound listener (App Mesh: 15000)
 * @param outboundPort port of the sidecar's outbound listener (15001)
 * @param applicationPorts inbound ports that are redirected; others reach the application directly
 * @param ignoredUid uid whose outbound traffic is spared (real Envoy runs as 1337)
 * @param ignoredOutboundPorts destination ports that are spared
 * @param ignoredOutboundRanges destination CIDRs that are spared
 */
public record Interception(
    int inboundPort,
    int outboundPort,
    Set<Integer> applicationPorts,
    int ignoredUid,
    Set<Integer> ignoredOutboundPorts,
    List<String> ignoredOutboundRanges) {

  /** SO_MARK of every upstream socket of an embedded sidecar. */
  public static final int PROXY_MARK = 1337;

  public Interception {
    applicationPorts = Set.copyOf(applicationPorts);
    ignoredOutboundPorts = Set.copyOf(ignoredOutboundPorts);
    ignoredOutboundRanges = List.copyOf(ignoredOutboundRanges);
  }
}
