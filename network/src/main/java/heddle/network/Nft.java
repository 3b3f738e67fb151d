package heddle.network;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/**
 * Runs nftables scripts in the namespace of the calling thread. A script is applied wholly or not.
 */
final class Nft {

  private Nft() {}

  static void apply(String script) {
    try {
      Process nft = new ProcessBuilder("nft", "-f", "-").redirectErrorStream(true).start();
      try (var in = nft.getOutputStream()) {
        in.write(script.getBytes(StandardCharsets.US_ASCII));
      }
      String said = new String(nft.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      int exit = nft.waitFor();
      if (exit != 0) {
        throw new NetworkException("nft: " + said.strip() + "\nin the script:\n" + script);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("nft cannot be run; install nftables", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new NetworkException("interrupted while nft ran", e);
    }
  }
}
