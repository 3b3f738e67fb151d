/**
 * Sidecar injection as the App Mesh controller does it: which pods, and what is added to them.
 * Pure: a pod in, a pod out. Used by {@code heddle.control.webhook}. Public: {@link
 * heddle.control.inject.SidecarInjector}, {@link heddle.control.inject.Injection}, {@link
 * heddle.control.inject.InjectionSettings}, {@link heddle.control.inject.DataPlane}.
 *
 * <p>One thing is left out on purpose: App Mesh's preStop hook, which sleeps for 20 seconds so that
 * clients stop using a pod before its proxy stops. Here an annotation makes the node agent wait
 * until the data planes have let go of the pod (docs/decisions/stop-gates), so the sleep would only
 * slow each rollout by 20 seconds.
 */
@NullMarked
package heddle.control.inject;

import org.jspecify.annotations.NullMarked;
