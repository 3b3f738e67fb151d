/**
 * Runs reconcilers: one run per object at a time, bursts merged, failures retried later and later.
 *
 * <p>Public: {@link heddle.kube.loop.Reconciler}, its {@link heddle.kube.loop.Outcome}, the {@link
 * heddle.kube.loop.ControllerLoop} that runs it and the {@link heddle.kube.loop.WorkQueue} between.
 */
@NullMarked
package heddle.kube.loop;

import org.jspecify.annotations.NullMarked;
