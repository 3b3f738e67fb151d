package heddle.network;

/**
 * The kernel or a tool refused a change of the network; the message names the command and its
 * answer.
 */
public final class NetworkException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public NetworkException(String message) {
    super(message);
  }

  public NetworkException(String message, Throwable cause) {
    super(message, cause);
  }
}
