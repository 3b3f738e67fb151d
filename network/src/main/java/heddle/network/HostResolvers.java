package heddle.network;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Reads the host's name servers, as {@code resolv.conf(5)} lists them. */
final class HostResolvers {

  private HostResolvers() {}

  /** The servers of the file in its order, at most three; none when the file cannot be read. */
  static List<InetSocketAddress> read(Path file) {
    List<String> lines;
    try {
      lines = Files.readAllLines(file);
    } catch (IOException e) {
      return List.of(); // a host without resolv.conf resolves nothing; neither do its pods
    }
    return lines.stream()
        .map(line -> line.strip().split("\\s+"))
        .filter(words -> words.length >= 2 && words[0].equals("nameserver"))
        .map(words -> words[1])
        .filter(HostResolvers::literal)
        .limit(3)
        .map(address -> new InetSocketAddress(address, 53))
        .toList();
  }

  private static boolean literal(String address) {
    try {
      return InetAddress.ofLiteral(address) != null;
    } catch (IllegalArgumentException e) {
      return false; // resolv.conf(5): only addresses count
    }
  }
}
