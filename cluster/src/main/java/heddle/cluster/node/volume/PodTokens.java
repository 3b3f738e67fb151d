package heddle.cluster.node.volume;

import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * Issues the tokens by which pods call the API, and vouches for the API server; wired to {@code
 * heddle.cluster.auth.ServiceAccountTokens}.
 */
public interface PodTokens {

  /**
   * A token bound to a pod, for the pod's service account.
   *
   * @param audience empty for the API server's own
   * @param seconds lifetime
   */
  String forPod(ObjectNode pod, String audience, long seconds);

  /** PEM of the authority that signed the API server's certificate. */
  String certificateAuthority();
}
