package heddle.kube;

import com.fasterxml.jackson.databind.JsonNode;

/** The API refused a request, or could not be reached. */
public final class KubeException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int code;
  private final String reason;

  /**
   * @param code HTTP status; 0 when there was no answer
   * @param reason Kubernetes' word, such as {@code NotFound} or {@code Conflict}; may be empty
   */
  public KubeException(int code, String reason, String message) {
    super(message);
    this.code = code;
    this.reason = reason;
  }

  KubeException(String message, Throwable cause) {
    super(message, cause);
    this.code = 0;
    this.reason = "";
  }

  static KubeException of(int code, JsonNode status, String what) {
    String message = status.path("message").asText();
    return new KubeException(
        code,
        status.path("reason").asText(),
        what + ": " + (message.isEmpty() ? "HTTP " + code : message));
  }

  /** HTTP status; 0 when there was no answer. */
  public int code() {
    return code;
  }

  public String reason() {
    return reason;
  }

  public boolean notFound() {
    return code == 404;
  }

  /** Someone else changed the object in between, or it exists already. */
  public boolean conflict() {
    return code == 409;
  }

  /** The resource version to watch from is too old. */
  public boolean expired() {
    return code == 410;
  }

  /** Whether trying again later may help. */
  public boolean transientFailure() {
    return code == 0 || code == 429 || code >= 500;
  }
}
