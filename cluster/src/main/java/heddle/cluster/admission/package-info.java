/**
 * What happens to a write between its defaults and the store: the service account of pods, then
 * mutating and validating webhooks, called as Kubernetes calls them. The API server calls {@link
 * heddle.cluster.admission.Admission}; {@link heddle.cluster.admission.WebhookAdmission} implements
 * it.
 */
@NullMarked
package heddle.cluster.admission;

import org.jspecify.annotations.NullMarked;
