/** Gives pods to the one node. Public: {@link heddle.cluster.controller.schedule.Scheduler}. */
@NullMarked
package heddle.cluster.controller.schedule;

import org.jspecify.annotations.NullMarked;
