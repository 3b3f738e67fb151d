package heddle.load.vegeta;

/** The command line asks for something that cannot be done as written. */
final class UsageException extends Exception {
  private static final long serialVersionUID = 1L;

  UsageException(String message) {
    super(message);
  }
}
