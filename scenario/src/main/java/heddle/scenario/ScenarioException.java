package heddle.scenario;

/** A scenario's file says something that is not understood; the message names the place. */
public final class ScenarioException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public ScenarioException(String message) {
    super(message);
  }
}
