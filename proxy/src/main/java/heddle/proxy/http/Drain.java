package heddle.proxy.http;

/** Whether a sidecar (or a listener of it) is on its way out. */
public final class Drain {
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
