/**
 * {@code bench/run soak}: traffic at a part of what the proxy can carry while its configuration
 * changes all the time. A request that fails, a buffer that is not released and a configuration
 * that is refused end it with exit code 1.
 *
 * <p>In reading order: {@link heddle.bench.soak.SoakBench} (the command, and the traffic), {@link
 * heddle.bench.soak.SoakServing} (the process that is watched), {@code Churn} (what changes),
 * {@code Sample} (what is watched), {@code Outcome} (what became of it).
 */
@NullMarked
package heddle.bench.soak;

import org.jspecify.annotations.NullMarked;
