package heddle.proxy.http1;

/** A byte stands where HTTP does not allow it. */
public final class BadCharacterException extends IllegalArgumentException {
  private static final long serialVersionUID = 1;

  BadCharacterException(String message) {
    super(message);
  }
}
