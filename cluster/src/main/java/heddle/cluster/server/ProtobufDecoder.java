package heddle.cluster.server;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** Turns Kubernetes' protobuf envelope ({@code k8s\0}…) into the JSON tree of the same object. */
public interface ProtobufDecoder {

  /**
   * @throws heddle.cluster.object.ApiException 400 when the bytes are not what they claim, 415 when
   *     the kind has no protobuf form
   */
  ObjectNode decode(byte[] envelope);
}
