package heddle.network;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.channels.DatagramChannel;
import java.util.BitSet;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Hands out load balancers' addresses that no other cluster on this machine has: a cluster claims
 * 256 neighbouring ones by binding a datagram socket to the first, which only one process can do,
 * and which ends with it.
 */
final class BalancerAddresses implements AutoCloseable {
  private static final int CLAIM_PORT = 12766;
  private static final int BLOCK = 256;

  private final Cidr network;
  private final int preferred;
  private final BitSet taken = new BitSet();
  private @Nullable DatagramChannel claim;
  private int block;

  /**
   * @param cluster its id decides which block is tried first, so that a cluster usually gets the
   *     same addresses again
   */
  BalancerAddresses(Cidr network, String cluster) {
    this.network = network;
    this.preferred = Math.floorMod(cluster.hashCode(), network.size() / BLOCK);
  }

  synchronized Inet4Address take() {
    if (claim == null) {
      claimBlock();
    }
    int free = taken.nextClearBit(1);
    if (free >= BLOCK - 1) {
      throw new NetworkException("all load balancers' addresses of this cluster are in use");
    }
    taken.set(free);
    return network.at(block * BLOCK + free);
  }

  synchronized void giveBack(Inet4Address address) {
    taken.clear((Cidr.toInt(address) - Cidr.toInt(network.address())) % BLOCK);
  }

  private void claimBlock() {
    int blocks = network.size() / BLOCK;
    for (int i = 0; i < blocks; i++) {
      int candidate = (preferred + i) % blocks;
      Optional<DatagramChannel> claimed = claim(candidate);
      if (claimed.isPresent()) {
        claim = claimed.get();
        block = candidate;
        return;
      }
    }
    throw new NetworkException(
        "no loopback addresses are free in "
            + network
            + " for load balancers: UDP port "
            + CLAIM_PORT
            + " is bound on all of them");
  }

  private Optional<DatagramChannel> claim(int candidate) {
    try {
      DatagramChannel channel = DatagramChannel.open(StandardProtocolFamily.INET);
      try {
        channel.bind(new InetSocketAddress(network.at(candidate * BLOCK), CLAIM_PORT));
        return Optional.of(channel);
      } catch (IOException e) {
        channel.close();
        return Optional.empty(); // another cluster's
      }
    } catch (IOException e) {
      throw new NetworkException("cannot open a socket on the host: " + e.getMessage(), e);
    }
  }

  @Override
  public synchronized void close() {
    if (claim != null) {
      try {
        claim.close();
      } catch (IOException e) {
        throw new NetworkException("cannot give back " + network.at(block * BLOCK), e);
      }
    }
  }
}
