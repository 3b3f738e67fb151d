/**
 * One running container, whether a process in a sandbox or a program of Heddle's own, with its log,
 * its streams and its end. Pods start and stop them; public are {@link
 * heddle.cluster.node.container.RunningContainer}, {@link
 * heddle.cluster.node.container.ProcessContainer} and {@link
 * heddle.cluster.node.container.BuiltinContainer}.
 */
@NullMarked
package heddle.cluster.node.container;

import org.jspecify.annotations.NullMarked;
