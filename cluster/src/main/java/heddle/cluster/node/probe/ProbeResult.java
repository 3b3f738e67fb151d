package heddle.cluster.node.probe;

/**
 * The answer to one probe.
 *
 * @param listening whether anybody was there to answer; without, a fresh container is only starting
 * @param message what went wrong, in Kubernetes' words; empty on success
 */
public record ProbeResult(boolean success, boolean listening, String message) {
  static final ProbeResult SUCCESS = new ProbeResult(true, true, "");

  static ProbeResult failure(String message) {
    return new ProbeResult(false, true, message);
  }

  static ProbeResult refused(String message) {
    return new ProbeResult(false, false, message);
  }
}
