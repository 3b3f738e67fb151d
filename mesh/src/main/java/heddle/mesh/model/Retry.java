package heddle.mesh.model;

import java.util.List;

/**
 * When and how a request is tried again, always on a host not tried before if there is one.
 *
 * @param conditions Envoy's {@code retry_on} words
 * @param statusCodes for the condition {@code retriable-status-codes}
 * @param retries attempts after the first
 * @param perTry bounds every attempt
 * @param hostReselections how often to pick again while the pick was tried before
 */
public record Retry(
    List<String> conditions,
    List<Integer> statusCodes,
    int retries,
    Timeout perTry,
    int hostReselections,
    Provenance from) {
  public Retry {
    conditions = List.copyOf(conditions);
    statusCodes = List.copyOf(statusCodes);
  }
}
