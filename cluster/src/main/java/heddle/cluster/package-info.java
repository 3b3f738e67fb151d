/** Is a small Kubernetes-compatible API server with a pod runner. */
@NullMarked
package heddle.cluster;

import org.jspecify.annotations.NullMarked;
