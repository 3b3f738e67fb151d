/**
 * The question of gRPC probes, and its way over HTTP/2. Used by {@code heddle.cluster.node.probe}.
 * Public: {@link heddle.cluster.node.probe.grpc.GrpcHealthCheck}.
 */
@NullMarked
package heddle.cluster.node.probe.grpc;

import org.jspecify.annotations.NullMarked;
