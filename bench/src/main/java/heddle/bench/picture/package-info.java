/**
 * Charts as SVG, which browsers show without help.
 *
 * <p>Used by the benchmarks. Public types: {@link heddle.bench.picture.Svg}, {@link
 * heddle.bench.picture.BarChart}, {@link heddle.bench.picture.LineChart}, {@link
 * heddle.bench.picture.Scale}.
 */
@NullMarked
package heddle.bench.picture;

import org.jspecify.annotations.NullMarked;
