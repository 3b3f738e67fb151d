package heddle.mesh.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is done with a request. */
public sealed interface RouteAction {

  /**
   * It is sent on.
   *
   * @param shares at least one, with a positive sum of weights
   * @param request until the response has ended
   * @param idle without any byte
   * @param retry null for no retries
   */
  record Forward(
      List<Share> shares, Timeout request, Timeout idle, @Nullable Retry retry, Rewrite rewrite)
      implements RouteAction {
    public Forward {
      shares = List.copyOf(shares);
    }
  }

  /** It is answered at once, without a body. */
  record Respond(int status) implements RouteAction {}
}
