/**
 * What controllers read from pods: whether they count, are ready, since when. Public: {@link
 * heddle.cluster.controller.pods.PodFacts}, {@link heddle.cluster.controller.pods.Ownership}.
 */
@NullMarked
package heddle.cluster.controller.pods;

import org.jspecify.annotations.NullMarked;
