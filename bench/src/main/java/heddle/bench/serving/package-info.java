/**
 * Heddle's data plane alone in a process, as the benchmarks start it, and the configuration that it
 * shares with Envoy.
 *
 * <p>Public types: {@link heddle.bench.serving.Serving}, {@link heddle.bench.serving.MeshConfig},
 * {@link heddle.bench.serving.AccessLog}.
 */
@NullMarked
package heddle.bench.serving;

import org.jspecify.annotations.NullMarked;
