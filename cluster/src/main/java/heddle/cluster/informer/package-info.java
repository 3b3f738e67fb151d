/**
 * Watches the API from inside the process: caches of one type each, a queue of keys, and the loop
 * that reconciles them. Controllers and the node agent are built on it; public are {@link
 * heddle.cluster.informer.ObjectCache}, {@link heddle.cluster.informer.ControllerLoop}, {@link
 * heddle.cluster.informer.LabelSelector}, {@link heddle.cluster.informer.Key} and {@link
 * heddle.cluster.informer.Kinds}.
 */
@NullMarked
package heddle.cluster.informer;

import org.jspecify.annotations.NullMarked;
