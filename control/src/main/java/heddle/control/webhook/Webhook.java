package heddle.control.webhook;

/** Answers the admission requests of one path. Called by several threads. */
@FunctionalInterface
public interface Webhook {

  /** Decides. */
  Verdict review(AdmissionRequest request) throws InterruptedException;
}
