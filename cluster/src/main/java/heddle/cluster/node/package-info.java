/**
 * The node agent: runs pods in network namespaces and serves their logs, exec, attach and ports.
 */
@NullMarked
package heddle.cluster.node;

import org.jspecify.annotations.NullMarked;
