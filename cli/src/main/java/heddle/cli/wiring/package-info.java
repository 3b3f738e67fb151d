/**
 * Builds a running cluster out of the modules, by hand and in reading order.
 *
 * <p>Used by the verbs. Public face: {@link heddle.cli.wiring.Wiring}, {@link
 * heddle.cli.wiring.RunningCluster}.
 */
@NullMarked
package heddle.cli.wiring;

import org.jspecify.annotations.NullMarked;
