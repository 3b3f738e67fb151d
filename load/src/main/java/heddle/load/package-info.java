/**
 * Open-loop load generator and its report.
 *
 * <p>A {@link heddle.load.LoadGenerator} runs an {@link heddle.load.Attack}: it sends each request
 * when its {@link heddle.load.Pacer} says it is due, whether or not earlier ones were answered, and
 * hands on one {@link heddle.load.Result} per request. A {@link heddle.load.ReportBuilder} turns
 * results into a {@link heddle.load.Report}. {@code cli} and {@code scenario} call it; {@code
 * heddle.load.vegeta} is its command for containers. {@link heddle.load.Rate}, {@link
 * heddle.load.Target}, {@link heddle.load.TargetReader}, {@link heddle.load.ResultStream}, {@link
 * heddle.load.Durations} and {@link heddle.load.LoadClassPath} complete the public face.
 */
@NullMarked
package heddle.load;

import org.jspecify.annotations.NullMarked;
