/**
 * What one node is to be served, at one moment, and where the latest of these is kept.
 *
 * <p>Written by the compiler and the control plane, read by {@code heddle.xds.ads}. Public: {@link
 * heddle.xds.snapshot.Snapshot}, {@link heddle.xds.snapshot.VersionedResource}, {@link
 * heddle.xds.snapshot.SnapshotStore}.
 */
@NullMarked
package heddle.xds.snapshot;

import org.jspecify.annotations.NullMarked;
