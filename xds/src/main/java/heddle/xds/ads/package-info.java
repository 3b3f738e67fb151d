/**
 * The aggregated discovery service: a server that serves {@link heddle.xds.snapshot.SnapshotStore}
 * to Envoy, gRPC and Heddle's own proxy, and the client that the proxy uses.
 *
 * <pre>
 *  SnapshotStore ──changed──▶ AdsServer ──▶ one AdsStream per connection ──▶ SotwWire | DeltaWire
 *       ▲                        │ NodeAuthenticator: may it?   (holds what the node was sent,
 *    control                     │ NodeAssignment: which key?    sends the next thing it lacks)
 *                                ▼ NackListener
 * </pre>
 *
 * <p>A stream never queues updates. It compares what the node has with the latest snapshot and
 * sends the first step that is missing: clusters, then endpoints and secrets, then listeners and
 * routes, and only when those are accepted are clusters taken away that nothing uses any more.
 *
 * <p>Public: {@link heddle.xds.ads.AdsServer}, {@link heddle.xds.ads.SocketOpener}, {@link
 * heddle.xds.ads.NodeAssignment}, {@link heddle.xds.ads.NodeAuthenticator}, {@link
 * heddle.xds.ads.Nack}, {@link heddle.xds.ads.NackListener}, {@link heddle.xds.ads.ConnectedNode};
 * {@link heddle.xds.ads.AdsClient}, {@link heddle.xds.ads.Backoff}.
 */
@NullMarked
package heddle.xds.ads;

import org.jspecify.annotations.NullMarked;
