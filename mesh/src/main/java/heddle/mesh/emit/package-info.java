/**
 * Turns the mesh model into Envoy v3 messages; the only package of this module that builds protobuf
 * messages. Called by {@code heddle.mesh}. Public face: {@link heddle.mesh.emit.NodeConfig}, {@link
 * heddle.mesh.emit.XdsEmitter} and {@link heddle.mesh.emit.Endpoints}.
 */
@NullMarked
package heddle.mesh.emit;

import org.jspecify.annotations.NullMarked;
