package heddle.bench.wrk;

import heddle.load.Target;
import java.net.URI;
import java.util.List;

/**
 * A request to a port of 127.0.0.1.
 *
 * @param bytes of its body; 0: none
 */
public record Request(String method, String path, int bytes) {

  /** The same for the open loop. */
  public Target target(int port) {
    var uri = URI.create("http://127.0.0.1:" + port + path);
    return new Target(method, uri, List.of(), new byte[bytes]);
  }
}
