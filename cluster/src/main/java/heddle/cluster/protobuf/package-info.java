/**
 * Kubernetes' protobuf form of the built-in kinds: reads request bodies into JSON trees, and says
 * which fields each kind has. The API server calls it.
 *
 * <p>Public face: {@link heddle.cluster.protobuf.KubernetesProtobuf}, {@link
 * heddle.cluster.protobuf.Shape}. Everything follows the published descriptors; what JSON names
 * differently is listed in {@code FieldNames}, what it writes differently in {@code
 * ScalarMessages}.
 */
@NullMarked
package heddle.cluster.protobuf;

import org.jspecify.annotations.NullMarked;
