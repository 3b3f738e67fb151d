package heddle.network;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;

/**
 * An IPv4 network.
 *
 * @param address its first address
 * @param prefix length of the network part, 0 to 32
 */
public record Cidr(Inet4Address address, int prefix) {

  public Cidr {
    if (prefix < 0 || prefix > 32) {
      throw new IllegalArgumentException(prefix + " (expected: a prefix length from 0 to 32)");
    }
    if ((toInt(address) & ~mask(prefix)) != 0) {
      throw new IllegalArgumentException(
          address.getHostAddress() + "/" + prefix + " (expected: no bits set behind the prefix)");
    }
  }

  /**
   * Reads {@code a.b.c.d/n}.
   *
   * @throws IllegalArgumentException when it is something else
   */
  public static Cidr parse(String text) {
    int slash = text.indexOf('/');
    if (slash < 0) {
      throw new IllegalArgumentException(text + " (expected: ADDRESS/PREFIX)");
    }
    return new Cidr(ipv4(text.substring(0, slash)), Integer.parseInt(text.substring(slash + 1)));
  }

  /** The network that has only this address. */
  static Cidr host(Inet4Address address) {
    return new Cidr(address, 32);
  }

  /** The n-th address of the network. */
  public Inet4Address at(int n) {
    return fromInt(toInt(address) + n);
  }

  /** How many addresses the network has, at most {@link Integer#MAX_VALUE}. */
  int size() {
    return (int) Math.min(Integer.MAX_VALUE, 1L << (32 - prefix));
  }

  /** Whether an address belongs to the network. */
  public boolean contains(Inet4Address other) {
    return (toInt(other) & mask(prefix)) == toInt(address);
  }

  /** An address from its text, without ever asking a name server. */
  static Inet4Address ipv4(String text) {
    String[] parts = text.split("\\.", -1);
    if (parts.length != 4) {
      throw new IllegalArgumentException(text + " (expected: an IPv4 address)");
    }
    int value = 0;
    for (String part : parts) {
      if (part.isEmpty() || part.length() > 3 || !part.chars().allMatch(Cidr::digit)) {
        throw new IllegalArgumentException(text + " (expected: an IPv4 address)");
      }
      int octet = Integer.parseInt(part);
      if (octet > 255) {
        throw new IllegalArgumentException(text + " (expected: octets up to 255)");
      }
      value = value << 8 | octet;
    }
    return fromInt(value);
  }

  static int toInt(Inet4Address address) {
    byte[] b = address.getAddress();
    return (b[0] & 0xff) << 24 | (b[1] & 0xff) << 16 | (b[2] & 0xff) << 8 | (b[3] & 0xff);
  }

  static Inet4Address fromInt(int value) {
    byte[] b = {(byte) (value >> 24), (byte) (value >> 16), (byte) (value >> 8), (byte) value};
    try {
      return (Inet4Address) InetAddress.getByAddress(b);
    } catch (UnknownHostException e) {
      throw new AssertionError("four bytes are an IPv4 address", e);
    }
  }

  private static boolean digit(int c) {
    return c >= '0' && c <= '9';
  }

  private static int mask(int prefix) {
    return prefix == 0 ? 0 : -1 << (32 - prefix);
  }

  @Override
  public String toString() {
    return address.getHostAddress() + "/" + prefix;
  }
}
