package heddle.network;

import java.net.Inet4Address;
import java.util.BitSet;

/** Hands out pod addresses in turn, so that a freed one is used again as late as possible. */
final class AddressPool {
  private static final int FIRST = 2;

  private final Cidr network;
  private final int end;
  private final BitSet taken = new BitSet();
  private int next = FIRST;

  AddressPool(Cidr network) {
    this.network = network;
    this.end = network.size() - 1;
  }

  synchronized Inet4Address take() {
    int free = taken.nextClearBit(next);
    if (free >= end) {
      free = taken.nextClearBit(FIRST);
    }
    if (free >= end) {
      throw new NetworkException("no address is free in the pod network " + network);
    }
    taken.set(free);
    next = free + 1;
    return network.at(free);
  }

  synchronized void free(Inet4Address address) {
    taken.clear(Cidr.toInt(address) - Cidr.toInt(network.address()));
  }
}
