package heddle.cluster;

import com.fasterxml.jackson.databind.node.ObjectNode;
import heddle.ca.CertificateAuthority;
import heddle.ca.Identity;
import heddle.cluster.admission.WebhookAdmission;
import heddle.cluster.auth.AccessReviews;
import heddle.cluster.auth.ClusterAuthenticator;
import heddle.cluster.auth.DefaultRoles;
import heddle.cluster.auth.EscalationCheck;
import heddle.cluster.auth.KubeconfigWriter;
import heddle.cluster.auth.RbacAuthorizer;
import heddle.cluster.auth.ServiceAccountTokens;
import heddle.cluster.auth.User;
import heddle.cluster.auth.endpoint.AuthEndpoint;
import heddle.cluster.controller.Controllers;
import heddle.cluster.controller.service.ServiceController;
import heddle.cluster.dial.NodeDialer;
import heddle.cluster.node.InProcessProgram;
import heddle.cluster.node.agent.NodeAgent;
import heddle.cluster.node.volume.PodTokens;
import heddle.cluster.object.Objects;
import heddle.cluster.operation.Bootstrap;
import heddle.cluster.operation.InProcess;
import heddle.cluster.operation.Operations;
import heddle.cluster.protobuf.KubernetesProtobuf;
import heddle.cluster.server.ApiServer;
import heddle.cluster.server.Subresource;
import heddle.cluster.store.Store;
import heddle.cluster.stream.StreamEndpoints;
import heddle.cluster.type.Types;
import heddle.images.ImageResolver;
import heddle.network.NodeNetwork;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running embedded cluster: store, API server, controllers, and one node that runs pods.
 * Assembled here in reading order; closing it stops everything in the opposite one.
 */
public final class Cluster implements AutoCloseable {

  /** Name of the one node. */
  public static final String NODE = "heddle";

  private static final Logger LOG = LoggerFactory.getLogger(Cluster.class);
  private static final int HISTORY = 20_000;
  private static final Duration DIAL = Duration.ofSeconds(10);
  private static final InetSocketAddress API_SERVICE =
      new InetSocketAddress(InetAddress.ofLiteral("10.96.0.1"), 443);

  /** What to close, the last started first. */
  private final Deque<AutoCloseable> started = new ArrayDeque<>();

  /**
   * What a cluster is made of.
   *
   * @param name in the kubeconfig
   * @param store file of the objects
   * @param pods directory of the node agent alone
   * @param port of the API on 127.0.0.1
   * @param kubeconfig file to write
   * @param programs programs of this process, by the name an {@code Image.Builtin} gives them
   * @param random thread-safe
   */
  public record Parts(
      String name,
      Path store,
      Path pods,
      int port,
      Path kubeconfig,
      CertificateAuthority authority,
      NodeNetwork network,
      ImageResolver images,
      Map<String, InProcessProgram> programs,
      Clock clock,
      RandomGenerator random) {

    public Parts {
      programs = Map.copyOf(programs);
    }
  }

  private Cluster() {}

  /**
   * Starts a cluster; when it returns, the API serves and the kubeconfig is written.
   *
   * @throws IOException when something of an earlier run cannot be removed, or a file not written
   */
  public static Cluster start(Parts parts) throws IOException {
    Cluster cluster = new Cluster();
    try {
      cluster.assemble(parts);
      return cluster;
    } catch (IOException | RuntimeException e) {
      try (cluster) {
        throw e;
      }
    }
  }

  private void assemble(Parts parts) throws IOException {
    Store store = keep(Store.open(parts.store(), HISTORY));
    Types types = new Types();
    NodeDialer dialer = address -> parts.network().dial(address, DIAL);
    WebhookAdmission admission = keep(new WebhookAdmission(types, dialer, parts.random()));
    Operations operations =
        new Operations(
            store,
            types,
            admission,
            parts.authority().certificatePem(),
            parts.clock(),
            parts.random());
    new Bootstrap(operations).run();
    Objects objects = new InProcess(operations, "heddle");
    DefaultRoles.ensure(objects);
    RbacAuthorizer authorizer = keep(RbacAuthorizer.start(objects));
    admission.start(objects, new EscalationCheck(authorizer));

    ServiceAccountTokens tokens =
        new ServiceAccountTokens(objects, parts.authority().tokenKeys(), parts.clock());
    NodeAgent node = NodeAgent.prepare(node(parts, objects, tokens));
    KubernetesProtobuf protobuf = new KubernetesProtobuf();
    List<Subresource> subresources =
        new ArrayList<>(
            StreamEndpoints.of(objects, node.access(), dialer, parts.clock(), parts.random()));
    subresources.add(new AuthEndpoint(new AccessReviews(authorizer, tokens), tokens, protobuf));
    keep(ApiServer.start(server(parts, operations, authorizer, tokens, protobuf, subresources)));
    parts.network().relayToHost(API_SERVICE, loopback(parts.port()));
    writeKubeconfig(parts);
    keep(node).start();
    keep(ServiceController.start(objects, parts.network(), parts.clock()));
    keep(Controllers.start(objects, NODE, parts.clock()));
  }

  private <T extends AutoCloseable> T keep(T part) {
    started.push(part);
    return part;
  }

  private static NodeAgent.Parts node(Parts parts, Objects objects, ServiceAccountTokens tokens) {
    return new NodeAgent.Parts(
        NODE,
        objects,
        parts.network(),
        parts.images(),
        parts.programs(),
        new Tokens(tokens, parts.authority().certificatePem()),
        parts.pods(),
        parts.clock(),
        parts.random());
  }

  private static ApiServer.Settings server(
      Parts parts,
      Operations operations,
      RbacAuthorizer authorizer,
      ServiceAccountTokens tokens,
      KubernetesProtobuf protobuf,
      List<Subresource> subresources) {
    CertificateAuthority authority = parts.authority();
    Identity identity =
        authority.issueServer(
            List.of(
                "kubernetes.default.svc.cluster.local",
                "kubernetes.default.svc",
                "kubernetes.default",
                "kubernetes",
                "localhost"),
            List.of(InetAddress.getLoopbackAddress(), API_SERVICE.getAddress()));
    return new ApiServer.Settings(
        InetAddress.getLoopbackAddress(),
        parts.port(),
        identity.context(List.of(authority.certificate())),
        operations,
        new ClusterAuthenticator(tokens),
        authorizer,
        protobuf::decode,
        subresources,
        parts.clock(),
        parts.random());
  }

  private static void writeKubeconfig(Parts parts) throws IOException {
    Identity admin = parts.authority().issueClient("kubernetes-admin", List.of(User.MASTERS));
    KubeconfigWriter.write(
        parts.kubeconfig(),
        KubeconfigWriter.text(
            parts.name(),
            "https://127.0.0.1:" + parts.port(),
            parts.authority().certificatePem(),
            admin));
  }

  private static InetSocketAddress loopback(int port) {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
  }

  /** Stops pods and servers; the store keeps what they were. */
  @Override
  public void close() {
    while (!started.isEmpty()) {
      AutoCloseable part = started.pop();
      try {
        part.close();
      } catch (Exception e) {
        // The rest must be closed all the same.
        LOG.warn("closing {}", part.getClass().getSimpleName(), e);
      }
    }
  }

  private record Tokens(ServiceAccountTokens tokens, String certificateAuthority)
      implements PodTokens {
    @Override
    public String forPod(ObjectNode pod, String audience, long seconds) {
      return tokens.forPod(pod, audience, seconds);
    }
  }
}
