package heddle.load;

import java.time.Instant;

/**
 * How one request ended.
 *
 * @param sequence number of the request, from 0
 * @param due when it should have been sent; latency counts from here, so that a slow answer is not
 *     hidden by the requests that had to wait for it (no coordinated omission)
 * @param latencyNanos until the last byte of the answer, or until it failed
 * @param status 0 when no answer came
 * @param bytesOut of the request's body
 * @param bytesIn of the answer's body
 * @param error empty when the status is 200 to 399
 */
public record Result(
    long sequence,
    Instant due,
    long latencyNanos,
    int status,
    long bytesOut,
    long bytesIn,
    String error,
    String method,
    String url) {

  /** Whether an answer with status 200 to 399 came in time. */
  public boolean success() {
    return error.isEmpty();
  }
}
