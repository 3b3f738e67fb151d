/**
 * The closed loop: wrk, which asks as fast as it is answered.
 *
 * <p>Used by the benchmarks. Public types: {@link heddle.bench.wrk.Wrk}, {@link
 * heddle.bench.wrk.Request}.
 */
@NullMarked
package heddle.bench.wrk;

import org.jspecify.annotations.NullMarked;
