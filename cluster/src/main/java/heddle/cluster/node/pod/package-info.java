/**
 * Runs one pod: starts and restarts its containers in order, probes them, stops them, and reports
 * its status. The node agent is the only caller; public are {@link
 * heddle.cluster.node.pod.PodWorker}, {@link heddle.cluster.node.pod.NodeContext} and {@link
 * heddle.cluster.node.pod.PodDirectory}.
 */
@NullMarked
package heddle.cluster.node.pod;

import org.jspecify.annotations.NullMarked;
