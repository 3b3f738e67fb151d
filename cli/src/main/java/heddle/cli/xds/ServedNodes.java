package heddle.cli.xds;

import io.envoyproxy.envoy.service.status.v3.ClientStatusDiscoveryServiceGrpc;
import io.envoyproxy.envoy.service.status.v3.ClientStatusRequest;
import io.envoyproxy.envoy.service.status.v3.ClientStatusResponse;
import io.envoyproxy.envoy.type.matcher.v3.NodeMatcher;
import io.envoyproxy.envoy.type.matcher.v3.StringMatcher;
import io.grpc.Grpc;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.StatusRuntimeException;
import io.grpc.TlsChannelCredentials;
import io.grpc.stub.MetadataUtils;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Asks an ADS server what it serves to whom (Envoy: client status discovery service). */
public final class ServedNodes implements AutoCloseable {

  private static final int LARGEST = 256 << 20;
  private static final long PATIENCE_SECONDS = 30;
  private static final Metadata.Key<String> AUTHORIZATION =
      Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

  private final String server;
  private final ManagedChannel channel;
  private final Metadata headers = new Metadata();

  /**
   * @param port of the ADS server on this machine
   * @param authority the certificate, as PEM, by which the server's was issued
   * @param token of somebody who may {@code get} {@code /xds}
   * @throws IOException if the certificate cannot be read
   */
  public ServedNodes(int port, Path authority, String token) throws IOException {
    this.server = "127.0.0.1:" + port;
    this.channel =
        Grpc.newChannelBuilder(
                server, TlsChannelCredentials.newBuilder().trustManager(authority.toFile()).build())
            .maxInboundMessageSize(LARGEST)
            .build();
    headers.put(AUTHORIZATION, "Bearer " + token);
  }

  /**
   * Every node, without the contents of what it is served.
   *
   * @throws IOException if the server cannot be reached or refuses
   */
  public List<ServedNode> all() throws IOException {
    return ask(ClientStatusRequest.getDefaultInstance());
  }

  /**
   * A node with what it is served; more than one if several connections have the same id.
   *
   * @throws IOException if the server cannot be reached or refuses
   */
  public List<ServedNode> withContents(String id) throws IOException {
    return ask(
        ClientStatusRequest.newBuilder()
            .addNodeMatchers(
                NodeMatcher.newBuilder().setNodeId(StringMatcher.newBuilder().setExact(id)))
            .build());
  }

  private List<ServedNode> ask(ClientStatusRequest request) throws IOException {
    try {
      ClientStatusResponse response =
          ClientStatusDiscoveryServiceGrpc.newBlockingStub(channel)
              .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers))
              .withDeadlineAfter(PATIENCE_SECONDS, TimeUnit.SECONDS)
              .fetchClientStatus(request);
      return response.getConfigList().stream().map(ServedNode::new).toList();
    } catch (StatusRuntimeException e) {
      throw new IOException("the ADS server at " + server + ": " + e.getMessage(), e);
    }
  }

  @Override
  public void close() {
    channel.shutdownNow();
  }
}
