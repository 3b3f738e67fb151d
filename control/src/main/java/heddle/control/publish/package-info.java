/**
 * Turns a compiled mesh and the pods that are there into snapshots, and says which of them a
 * connecting node is served. Used by {@code heddle.control}. Public: {@link
 * heddle.control.publish.SnapshotPublisher}, {@link heddle.control.publish.PodSnapshots}, {@link
 * heddle.control.publish.TokenReviews}, {@link heddle.control.publish.Withdrawals}.
 */
@NullMarked
package heddle.control.publish;

import org.jspecify.annotations.NullMarked;
