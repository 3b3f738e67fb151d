package heddle.images;

import java.nio.file.Path;

/** Finds the Envoy of this machine, which stands for the image {@code envoyproxy/envoy}. */
@FunctionalInterface
public interface HostEnvoy {

  /**
   * The executable.
   *
   * @throws ImageNotFoundException when there is none; the message says how to get one
   */
  Path find() throws ImageNotFoundException;
}
