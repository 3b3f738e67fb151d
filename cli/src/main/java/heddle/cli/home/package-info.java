/**
 * Where a cluster lives on disk and in the process table: its directory, its lock, its background
 * process.
 *
 * <p>Used by the verbs. Public face: {@link heddle.cli.home.ClusterHome}, {@link
 * heddle.cli.home.BackgroundCluster}.
 */
@NullMarked
package heddle.cli.home;

import org.jspecify.annotations.NullMarked;
