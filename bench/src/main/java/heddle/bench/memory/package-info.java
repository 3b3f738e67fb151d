/**
 * {@code bench/run memory}: what sidecars cost in memory, Heddle's and Envoy's.
 *
 * <p>Public face: {@link heddle.bench.memory.MemoryBench} (the command). {@code Walkthrough} makes
 * the configuration.
 */
@NullMarked
package heddle.bench.memory;

import org.jspecify.annotations.NullMarked;
