/** Wraps the Kubernetes client and runs reconcilers; owns apply and prune. */
@NullMarked
package heddle.kube;

import org.jspecify.annotations.NullMarked;
