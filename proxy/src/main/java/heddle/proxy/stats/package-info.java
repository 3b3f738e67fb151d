/**
 * Counts what a sidecar does, under Envoy's names.
 *
 * <p>Called by every other package of the proxy; written on the sidecar's event loop only, read
 * from anywhere. Public face: {@link heddle.proxy.stats.Stats}, {@link heddle.proxy.stats.Counter},
 * {@link heddle.proxy.stats.CodeCounters}, {@link heddle.proxy.stats.Gauge}, {@link
 * heddle.proxy.stats.Histogram}, {@link heddle.proxy.stats.StatsText}.
 */
@NullMarked
package heddle.proxy.stats;

import org.jspecify.annotations.NullMarked;
