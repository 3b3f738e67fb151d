package heddle.cluster.controller.service;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;

/** Reads IPv4 addresses without asking any name server. */
final class Addresses {
  private Addresses() {}

  /** Empty for anything that is not four numbers. */
  static Optional<Inet4Address> parse(String text) {
    if (!text.matches("\\d{1,3}(\\.\\d{1,3}){3}")) {
      return Optional.empty();
    }
    try {
      return InetAddress.getByName(text) instanceof Inet4Address address
          ? Optional.of(address)
          : Optional.empty();
    } catch (UnknownHostException e) {
      return Optional.empty();
    }
  }
}
