package heddle.proxy.http1;

/**
 * What the head of a message must add so that its receiver knows where the body ends. Added behind
 * all other headers, as Envoy's codec does.
 */
public enum Framing {
  /** Nothing: the headers say it, or the kind of message does. */
  AS_IS,
  /** {@code transfer-encoding: chunked}. */
  CHUNKED,
  /** {@code content-length: 0}. */
  EMPTY
}
