package heddle.xds.ads;

import heddle.xds.NodeName;
import java.util.Optional;

/**
 * Decides whether a stream may act as the node it names. Asked once per stream, with its first
 * request, on a thread that may block.
 */
@FunctionalInterface
public interface NodeAuthenticator {

  /**
   * Whether the token is good for that node.
   *
   * @param token what followed {@code authorization: Bearer} in the stream's metadata
   */
  boolean accepts(NodeName node, Optional<String> token);

  /**
   * Whether the token's owner may see what every node is served. Nobody may, unless this is
   * overridden. Asked once per call, on a thread that may block.
   */
  default boolean observes(Optional<String> token) {
    return false;
  }

  /** Accepts everyone; for streams that cannot leave this process, and for tests. */
  static NodeAuthenticator everyone() {
    return new NodeAuthenticator() {
      @Override
      public boolean accepts(NodeName node, Optional<String> token) {
        return true;
      }

      @Override
      public boolean observes(Optional<String> token) {
        return true;
      }
    };
  }
}
