package heddle.bench.machine;

/** This machine lacks a program; the message says which, and how to get it. */
public final class MissingToolException extends IllegalStateException {

  private static final long serialVersionUID = 1;

  MissingToolException(String message) {
    super(message);
  }
}
