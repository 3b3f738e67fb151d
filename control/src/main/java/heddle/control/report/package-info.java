/**
 * Tells the owners of resources what became of them: conditions, ARNs, events. Used by {@code
 * heddle.control}. Public: {@link heddle.control.report.StatusReporter}, {@link
 * heddle.control.report.Arns}, {@link heddle.control.report.Origins}.
 */
@NullMarked
package heddle.control.report;

import org.jspecify.annotations.NullMarked;
