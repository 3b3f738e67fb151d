package heddle.cluster.auth;

import heddle.ca.Identity;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.Set;

/** Writes the file with which kubectl and every client library find and trust the cluster. */
public final class KubeconfigWriter {
  private KubeconfigWriter() {}

  /**
   * The text of a kubeconfig with one cluster, one user and one context, all of the same name;
   * certificates and key are embedded.
   *
   * @param name of the cluster; a DNS label
   * @param server such as {@code https://127.0.0.1:6443}
   * @param authorityPem the certificate that the server's is verified against
   */
  public static String text(String name, String server, String authorityPem, Identity client) {
    return """
        apiVersion: v1
        kind: Config
        clusters:
        - name: %1$s
          cluster:
            server: %2$s
            certificate-authority-data: %3$s
        users:
        - name: %1$s
          user:
            client-certificate-data: %4$s
            client-key-data: %5$s
        contexts:
        - name: %1$s
          context:
            cluster: %1$s
            user: %1$s
        current-context: %1$s
        preferences: {}
        """
        .formatted(
            name,
            server,
            base64(authorityPem),
            base64(client.certificatePem()),
            base64(client.keyPem()));
  }

  /** Writes the text whole or not at all, readable by its owner alone. Makes the directory. */
  public static void write(Path file, String text) throws IOException {
    Path target = file.toAbsolutePath();
    Files.createDirectories(target.resolveSibling(""));
    Path temporary = target.resolveSibling(target.getFileName() + ".new");
    Files.deleteIfExists(temporary);
    var owner = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    try (var channel =
        Files.newByteChannel(
            temporary, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), owner)) {
      ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
    }
    Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}
