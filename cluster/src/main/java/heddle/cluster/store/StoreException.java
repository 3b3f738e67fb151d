package heddle.cluster.store;

/** The disk failed: the write was not acknowledged and is not visible. */
public final class StoreException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  StoreException(String message, Throwable cause) {
    super(message, cause);
  }
}
