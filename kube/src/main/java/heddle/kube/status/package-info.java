/**
 * How controllers tell an object's owner what became of it. Public: {@link
 * heddle.kube.status.Condition}, {@link heddle.kube.status.StatusWriter}, {@link
 * heddle.kube.status.EventRecorder}.
 */
@NullMarked
package heddle.kube.status;

import org.jspecify.annotations.NullMarked;
