/**
 * Keeps as many pods as a ReplicaSet asks for. Public: {@link
 * heddle.cluster.controller.replicaset.ReplicaSetController}.
 */
@NullMarked
package heddle.cluster.controller.replicaset;

import org.jspecify.annotations.NullMarked;
