package heddle.control.webhook;

import heddle.kube.KubeObject;
import java.util.Optional;

/**
 * What the API server asks about.
 *
 * @param operation {@code CREATE}, {@code UPDATE} or {@code DELETE}
 * @param namespace of the request; the object itself may not name it yet
 * @param object empty for deletions
 * @param oldObject empty for creations
 */
public record AdmissionRequest(
    String operation,
    String namespace,
    Optional<KubeObject> object,
    Optional<KubeObject> oldObject) {}
