package heddle.cluster.auth;

/** A token that does not prove anything; the message says why and holds nothing of the token. */
final class InvalidTokenException extends Exception {
  private static final long serialVersionUID = 1L;

  InvalidTokenException(String message) {
    super(message);
  }
}
