/**
 * Envoy v3 messages as Heddle handles them: which types travel, how they are hashed, and how a node
 * names itself. Knows no Heddle kind. Used by the compiler, the control plane and the proxy.
 *
 * <p>Public: {@link heddle.xds.ResourceType}, {@link heddle.xds.Deterministic}, {@link
 * heddle.xds.NodeName}. Snapshots are in {@code heddle.xds.snapshot}, the server and the client in
 * {@code heddle.xds.ads}, request matching in {@code heddle.xds.route}.
 */
@NullMarked
package heddle.xds;

import org.jspecify.annotations.NullMarked;
