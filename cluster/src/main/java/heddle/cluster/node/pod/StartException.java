package heddle.cluster.node.pod;

/** A container could not start; the reason is that of its waiting or terminated state. */
final class StartException extends Exception {
  private static final long serialVersionUID = 1L;

  private final String reason;

  StartException(String reason, String message) {
    super(message);
    this.reason = reason;
  }

  /** {@code ErrImagePull}, {@code CreateContainerConfigError}, {@code StartError}… */
  String reason() {
    return reason;
  }
}
