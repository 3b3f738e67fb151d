/**
 * Brings manifests into a cluster, takes out what is no longer in them, and waits for what they
 * promise. Used by {@code cli}, {@code scenario} and {@code gitops}. Public: {@link
 * heddle.kube.apply.Applier}, {@link heddle.kube.apply.Applied}, {@link heddle.kube.apply.Waiter},
 * {@link heddle.kube.apply.SourceLines}.
 */
@NullMarked
package heddle.kube.apply;

import org.jspecify.annotations.NullMarked;
