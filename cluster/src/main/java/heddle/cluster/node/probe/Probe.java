package heddle.cluster.node.probe;

import com.fasterxml.jackson.databind.JsonNode;
import heddle.cluster.node.volume.ConfigurationException;
import java.time.Duration;

/**
 * One probe of a container, as the manifest has it.
 *
 * @param successThreshold successes in a row that count as success
 * @param failureThreshold failures in a row that count as failure
 */
public record Probe(
    Kind kind,
    Action action,
    Duration initialDelay,
    Duration period,
    Duration timeout,
    int successThreshold,
    int failureThreshold) {

  /** What the answer is for. */
  public enum Kind {
    STARTUP("Startup", "startupProbe"),
    LIVENESS("Liveness", "livenessProbe"),
    READINESS("Readiness", "readinessProbe");

    private final String title;
    private final String field;

    Kind(String title, String field) {
      this.title = title;
      this.field = field;
    }

    /** As events say it. */
    public String title() {
      return title;
    }

    /** Its field in a container. */
    public String field() {
      return field;
    }
  }

  /**
   * Reads a probe.
   *
   * @param container whose named ports the probe may use
   */
  public static Probe of(Kind kind, JsonNode probe, JsonNode container)
      throws ConfigurationException {
    return new Probe(
        kind,
        Action.of(probe, container),
        seconds(probe, "initialDelaySeconds", 0),
        seconds(probe, "periodSeconds", 10),
        seconds(probe, "timeoutSeconds", 1),
        Math.max(1, probe.path("successThreshold").asInt(1)),
        Math.max(1, probe.path("failureThreshold").asInt(3)));
  }

  private static Duration seconds(JsonNode probe, String field, int standard) {
    int value = probe.path(field).asInt(standard);
    return Duration.ofSeconds(value <= 0 ? standard : value);
  }
}
