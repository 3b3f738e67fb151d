package heddle.proxy.http;

/** Whether a sidecar (or a listener of it) is on its way out. */
public final class Drain {
  /** A user event: the connection closes as soon as it has no request. */
  public static final Object CLOSE_WHEN_IDLE =
      new Object() {
        @Override
        public String toString() {
          return "close when idle";
        }
      };

  private boolean draining;

  /** From now on responses say {@code connection: close}. */
  public void begin() {
    draining = true;
  }

  /** Back to normal. */
  public void end() {
    draining = false;
  }

  /** Whether connections should end after their current request. */
  public boolean draining() {
    return draining;
  }
}
