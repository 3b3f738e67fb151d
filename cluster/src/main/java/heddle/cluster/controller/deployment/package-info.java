/**
 * Rolls a Deployment's template out through ReplicaSets. Public: {@link
 * heddle.cluster.controller.deployment.DeploymentController}.
 */
@NullMarked
package heddle.cluster.controller.deployment;

import org.jspecify.annotations.NullMarked;
