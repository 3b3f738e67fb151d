package heddle.cluster.stream;

import heddle.ca.CertificateAuthority;
import heddle.cluster.admission.WebhookAdmission;
import heddle.cluster.auth.AccessReviews;
import heddle.cluster.auth.ClusterAuthenticator;
import heddle.cluster.auth.DefaultRoles;
import heddle.cluster.auth.EscalationCheck;
import heddle.cluster.auth.KubeconfigWriter;
import heddle.cluster.auth.RbacAuthorizer;
import heddle.cluster.auth.ServiceAccountTokens;
import heddle.cluster.auth.endpoint.AuthEndpoint;
import heddle.cluster.dial.NodeDialer;
import heddle.cluster.operation.Bootstrap;
import heddle.cluster.operation.InProcess;
import heddle.cluster.operation.Operations;
import heddle.cluster.protobuf.KubernetesProtobuf;
import heddle.cluster.server.ApiServer;
import heddle.cluster.server.Subresource;
import heddle.cluster.store.Store;
import heddle.cluster.type.Types;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** The whole API server with TLS, certificates and RBAC, over pods that are local processes. */
final class EdgeServer implements AutoCloseable {
  final LocalPods pods = new LocalPods();
  final CertificateAuthority authority;
  final InProcess objects;
  final ApiServer server;
  private final RbacAuthorizer rbac;
  private final WebhookAdmission admission;
  private final Store store;
  private final Path directory;

  EdgeServer(Path directory) throws IOException {
    this.directory = directory;
    InstantSource clock = InstantSource.system();
    authority = CertificateAuthority.open(directory.resolve("pki"), clock);
    Types types = new Types();
    NodeDialer dialer = SocketChannel::open;
    admission = new WebhookAdmission(types, dialer, new Random(1));
    store = Store.open(directory.resolve("state.db"), 1000);
    var operations =
        new Operations(store, types, admission, authority.certificatePem(), clock, new Random(1));
    new Bootstrap(operations).run();
    objects = new InProcess(operations, "test");
    DefaultRoles.ensure(objects);
    rbac = RbacAuthorizer.start(objects);
    admission.start(objects, new EscalationCheck(rbac));
    var tokens = new ServiceAccountTokens(objects, authority.tokenKeys(), clock);
    var protobuf = new KubernetesProtobuf();
    List<Subresource> endpoints =
        new ArrayList<>(StreamEndpoints.of(objects, pods, dialer, clock, new Random(1)));
    endpoints.add(new AuthEndpoint(new AccessReviews(rbac, tokens), tokens, protobuf));
    InetAddress loopback = InetAddress.getByName("127.0.0.1");
    var identity = authority.issueServer(List.of("localhost"), List.of(loopback));
    server =
        ApiServer.start(
            new ApiServer.Settings(
                loopback,
                0,
                identity.context(List.of(authority.certificate())),
                operations,
                new ClusterAuthenticator(tokens),
                rbac,
                protobuf::decode,
                endpoints,
                clock,
                new Random(2)));
  }

  /** A kubeconfig of somebody. */
  Path kubeconfig(String user, String... groups) throws IOException {
    Path file = directory.resolve(user + ".kubeconfig");
    KubeconfigWriter.write(
        file,
        KubeconfigWriter.text(
            "edge",
            "https://127.0.0.1:" + server.port(),
            authority.certificatePem(),
            authority.issueClient(user, List.of(groups))));
    return file;
  }

  /** A kubeconfig without credentials. */
  Path nobody() throws IOException {
    String text = Files.readString(kubeconfig("nobody"));
    String without = text.replaceAll("(?m)^ +client-.*-data:.*\\n", "");
    return Files.writeString(
        directory.resolve("nobody.kubeconfig"), without.replace("  user:\n", "  user: {}\n"));
  }

  @Override
  public void close() {
    pods.processes.forEach(Process::destroyForcibly);
    server.close();
    admission.close();
    rbac.close();
    store.close();
  }
}
