package heddle.cluster.node.volume;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;

/** Issues the tokens by which pods call the API; the API server's side implements it. */
public interface ServiceAccountTokens {

  /** A signed token. */
  record Token(String value, Instant expires) {}

  /**
   * @param pod the pod to which the token is bound
   * @param audience empty for the API server's own
   */
  Token issue(ObjectNode pod, String serviceAccount, String audience, Duration lifetime);

  /** PEM of the authority that signed the API server's certificate. */
  String certificateAuthority();
}
