package heddle.cluster.server;

import java.io.IOException;

/**
 * Answers requests that are not plain reads and writes of objects: logs, exec, attach,
 * port-forward, proxies, tokens, access reviews, metrics. Given to the server in order; the first
 * that handles a target gets it, before the built-in answers. The user is already authenticated and
 * allowed.
 */
public interface Subresource {

  boolean handles(Target target);

  /**
   * Answers, on a virtual thread of its own; may block for as long as the answer takes. An {@link
   * heddle.cluster.object.ApiException} thrown before anything was sent becomes its Status.
   */
  void handle(Exchange exchange) throws IOException;
}
