/** Mutating and validating webhooks, called as Kubernetes calls them. */
@NullMarked
package heddle.cluster.admission;

import org.jspecify.annotations.NullMarked;
