/**
 * The node agent as a whole: runs the pods that are bound to its node and serves the API server's
 * questions about them. The command line assembles it; public are {@link
 * heddle.cluster.node.agent.NodeAgent} and {@link heddle.cluster.node.agent.NodeJanitor}.
 */
@NullMarked
package heddle.cluster.node.agent;

import org.jspecify.annotations.NullMarked;
