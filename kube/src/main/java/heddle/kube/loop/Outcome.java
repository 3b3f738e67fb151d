package heddle.kube.loop;

import java.time.Duration;

/** What came of one run of a reconciler. */
public sealed interface Outcome {

  /** The object is as it should be. */
  record Done() implements Outcome {}

  /** Look again after a while. */
  record RequeueAfter(Duration delay) implements Outcome {}

  /**
   * The object is wrong, and stays so until someone changes it.
   *
   * @param message for the log; the reconciler has told the object's owner itself
   */
  record Rejected(String message) implements Outcome {}

  /** It did not work this time; try again, later each time. */
  record Failed(Throwable cause) implements Outcome {}

  static Outcome done() {
    return new Done();
  }

  static Outcome requeueAfter(Duration delay) {
    return new RequeueAfter(delay);
  }
}
