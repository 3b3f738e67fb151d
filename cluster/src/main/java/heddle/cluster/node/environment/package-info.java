/**
 * Works out a container's environment variables and expands them in commands. Pods are the only
 * caller; public are {@link heddle.cluster.node.environment.ContainerEnvironment} and {@link
 * heddle.cluster.node.environment.Expansion}.
 */
@NullMarked
package heddle.cluster.node.environment;

import org.jspecify.annotations.NullMarked;
