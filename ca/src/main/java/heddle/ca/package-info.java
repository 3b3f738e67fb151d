/** Issues certificates: API server, control plane, webhooks, workload identities. */
@NullMarked
package heddle.ca;

import org.jspecify.annotations.NullMarked;
