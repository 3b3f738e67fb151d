/**
 * Who answers behind the proxies that are measured.
 *
 * <p>Used by the benchmarks. Public types: {@link heddle.bench.origin.Origin}, {@link
 * heddle.bench.origin.NginxFile}.
 */
@NullMarked
package heddle.bench.origin;

import org.jspecify.annotations.NullMarked;
