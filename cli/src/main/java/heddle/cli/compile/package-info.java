/**
 * How a compiled mesh is shown: as its model, as xDS, as files for a stock Envoy.
 *
 * <p>Used by {@code heddle compile}. Public face: {@link heddle.cli.compile.CompileFormat}, {@link
 * heddle.cli.compile.Compiled}.
 */
@NullMarked
package heddle.cli.compile;

import org.jspecify.annotations.NullMarked;
