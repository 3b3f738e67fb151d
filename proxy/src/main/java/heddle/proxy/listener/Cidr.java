package heddle.proxy.listener;

import java.net.InetAddress;
import java.net.UnknownHostException;

/**
 * A range of addresses.
 *
 * @param address an IP literal
 * @param length leading bits that count
 */
public record Cidr(String address, int length) {

  boolean contains(InetAddress candidate) {
    byte[] range = bytes();
    byte[] bytes = candidate.getAddress();
    if (range.length != bytes.length) {
      return false;
    }
    for (int bit = 0; bit < length; bit++) {
      int mask = 0x80 >> (bit & 7);
      if ((range[bit >> 3] & mask) != (bytes[bit >> 3] & mask)) {
        return false;
      }
    }
    return true;
  }

  private byte[] bytes() {
    try {
      return InetAddress.getByName(address).getAddress();
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException("not an IP literal: " + address, e);
    }
  }
}
