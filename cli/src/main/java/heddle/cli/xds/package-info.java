/**
 * What nodes are served, asked of a running cluster's ADS server and made readable.
 *
 * <p>Used by {@code heddle xds}. Public face: {@link heddle.cli.xds.ServedNodes}, {@link
 * heddle.cli.xds.ServedNode}, {@link heddle.cli.xds.Part}.
 */
@NullMarked
package heddle.cli.xds;

import org.jspecify.annotations.NullMarked;
