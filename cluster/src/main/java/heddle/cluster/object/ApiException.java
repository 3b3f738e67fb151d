package heddle.cluster.object;

import java.util.List;

/**
 * A request's failure as Kubernetes reports it: an HTTP code, a {@code reason} that programs test,
 * and a message for people.
 */
public final class ApiException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int code;
  private final String reason;
  private final transient List<Cause> causes;
  private final String name;

  /** One field's part in the failure. */
  public record Cause(String reason, String field, String message) {}

  public ApiException(int code, String reason, String message) {
    this(code, reason, message, List.of());
  }

  public ApiException(int code, String reason, String message, List<Cause> causes) {
    this(code, reason, message, causes, "");
  }

  /**
   * @param name of the object that is at fault; empty where the request's path names it
   */
  public ApiException(int code, String reason, String message, List<Cause> causes, String name) {
    super(message);
    this.code = code;
    this.reason = reason;
    this.causes = List.copyOf(causes);
    this.name = name;
  }

  public int code() {
    return code;
  }

  /** {@code NotFound}, {@code AlreadyExists}, {@code Conflict}, {@code Invalid}… */
  public String reason() {
    return reason;
  }

  public List<Cause> causes() {
    return causes;
  }

  /** Of the object that is at fault; empty where the request's path names it. */
  public String name() {
    return name;
  }

  public static ApiException notFound(ResourceType type, String name) {
    return new ApiException(
        404, "NotFound", type.qualifiedPlural() + " \"" + name + "\" not found");
  }

  public static ApiException badRequest(String message) {
    return new ApiException(400, "BadRequest", message);
  }
}
