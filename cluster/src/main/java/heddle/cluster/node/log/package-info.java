/**
 * Keeps what containers say: a file of lines with time and stream per run of a container, bounded
 * by rotation, and streams that read it as {@code kubectl logs} asks. The node agent is the only
 * caller; public are {@link heddle.cluster.node.log.ContainerLog} and {@link
 * heddle.cluster.node.log.LogStream}.
 */
@NullMarked
package heddle.cluster.node.log;

import org.jspecify.annotations.NullMarked;
