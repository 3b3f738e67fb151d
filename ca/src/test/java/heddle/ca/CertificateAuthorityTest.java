package heddle.ca;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CertificateAuthorityTest {
  @TempDir Path directory;

  @Test
  void keepsItsRootAndTokenKeyAcrossOpenings() {
    var first = CertificateAuthority.open(directory.resolve("pki"), Clock.systemUTC());
    var second = CertificateAuthority.open(directory.resolve("pki"), Clock.systemUTC());

    assertThat(second.certificate()).isEqualTo(first.certificate());
    assertThat(second.tokenKeys().getPublic()).isEqualTo(first.tokenKeys().getPublic());
    assertThat(second.tokenKeys().getPrivate()).isEqualTo(first.tokenKeys().getPrivate());
  }

  @Test
  void writesFilesThatOnlyTheOwnerReads() throws Exception {
    CertificateAuthority.open(directory.resolve("pki"), Clock.systemUTC());

    assertThat(permissions(directory.resolve("pki"))).isEqualTo("rwx------");
    try (var files = Files.list(directory.resolve("pki"))) {
      assertThat(files.map(CertificateAuthorityTest::permissions))
          .hasSize(5)
          .containsOnly("rw-------");
    }
  }

  @Test
  void refusesARootThatHasExpired() {
    CertificateAuthority.open(
        directory, InstantSource.fixed(Instant.parse("2001-01-01T00:00:00Z")));

    assertThatThrownBy(() -> CertificateAuthority.open(directory, Clock.systemUTC()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("expired at 2010-12-30")
        .hasMessageContaining("remove the directory");
  }

  @Test
  void saysWhichFileIsDamaged() throws Exception {
    CertificateAuthority.open(directory, Clock.systemUTC());
    Files.writeString(directory.resolve("ca.key"), "nonsense");

    assertThatThrownBy(() -> CertificateAuthority.open(directory, Clock.systemUTC()))
        .hasMessageContaining("ca.key")
        .hasMessageContaining("expected: BEGIN PRIVATE KEY");
  }

  @Test
  void namesTheUserAndTheGroupsInAClientCertificate() {
    var authority = CertificateAuthority.open(directory, Clock.systemUTC());

    Identity client =
        authority.issueClient("system:admin, with=comma", List.of("system:masters", "team a+b"));

    assertThat(Subject.of(client.certificate()))
        .isEqualTo(new Subject("system:admin, with=comma", List.of("system:masters", "team a+b")));
  }

  @Test
  void issuesForAYearButNeverBeyondTheRoot() {
    Instant start = Instant.parse("2026-01-01T00:00:00Z");
    CertificateAuthority.open(directory, InstantSource.fixed(start));
    Instant late = start.plus(Duration.ofDays(3600));
    var authority = CertificateAuthority.open(directory, InstantSource.fixed(late));

    X509Certificate issued = authority.issueClient("a", List.of()).certificate();

    assertThat(issued.getNotAfter()).isEqualTo(authority.certificate().getNotAfter());
    assertThat(issued.getNotBefore().toInstant()).isBefore(late);
  }

  @Test
  void readsBackWhatItWritesAsPem() {
    var authority = CertificateAuthority.open(directory, Clock.systemUTC());
    Identity server = authority.issueServer(List.of("a.test"), List.of());

    assertThat(Pem.certificates(server.certificatePem() + authority.certificatePem()))
        .containsExactly(server.certificate(), authority.certificate());
    assertThat(server.keyPem()).startsWith("-----BEGIN EC PRIVATE KEY-----\n");
    assertThat(Pem.ecKey(Pem.of(server.key()))).isEqualTo(server.key());
    assertThat(server.toString()).doesNotContain("PRIVATE");
  }

  @Test
  void givesAWorkloadItsSpiffeIdAsOnlyName() throws Exception {
    var authority = CertificateAuthority.open(directory, Clock.systemUTC());

    X509Certificate issued =
        authority.issueWorkload(URI.create("spiffe://cluster.local/ns/a/sa/b")).certificate();

    assertThat(Subject.of(issued).commonName()).isEmpty();
    assertThat(issued.getSubjectAlternativeNames())
        .containsExactly(List.of(6, "spiffe://cluster.local/ns/a/sa/b"));
  }

  @Test
  void letsAClientVerifyTheServerByNameAndAddressAndTheServerKnowTheClient() throws Exception {
    var authority = CertificateAuthority.open(directory, Clock.systemUTC());
    Identity server =
        authority.issueServer(
            List.of("kubernetes.default.svc"), List.of(InetAddress.getByName("127.0.0.1")));
    SSLContext client =
        authority.issueClient("alice", List.of("dev")).context(List.of(authority.certificate()));

    assertThat(seenClient(server, authority, client, "127.0.0.1")).isEqualTo("alice");
    assertThat(seenClient(server, authority, client, "kubernetes.default.svc")).isEqualTo("alice");
    assertThatThrownBy(() -> seenClient(server, authority, client, "other.default.svc"))
        .isInstanceOf(SSLHandshakeException.class);
  }

  private static String seenClient(
      Identity server, CertificateAuthority authority, SSLContext client, String name)
      throws Exception {
    SSLContext context = server.context(List.of(authority.certificate()));
    try (var executor = Executors.newVirtualThreadPerTaskExecutor();
        var listener =
            (SSLServerSocket)
                context
                    .getServerSocketFactory()
                    .createServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      listener.setNeedClientAuth(true);
      var seen =
          executor.submit(
              () -> {
                try (var socket = (SSLSocket) listener.accept()) {
                  var peer = (X509Certificate) socket.getSession().getPeerCertificates()[0];
                  socket.getOutputStream().write(1);
                  return Subject.of(peer).commonName();
                }
              });
      var plain = new java.net.Socket(InetAddress.getByName("127.0.0.1"), listener.getLocalPort());
      try (var socket =
          (SSLSocket)
              client.getSocketFactory().createSocket(plain, name, listener.getLocalPort(), true)) {
        var parameters = socket.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        socket.setSSLParameters(parameters);
        socket.startHandshake();
        assertThat(socket.getInputStream().read()).isEqualTo(1);
      }
      return seen.get();
    }
  }

  private static String permissions(Path file) {
    try {
      return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
