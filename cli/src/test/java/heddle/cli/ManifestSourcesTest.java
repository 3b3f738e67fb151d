package heddle.cli;

import static heddle.cli.BadManifests.MESH;
import static heddle.cli.BadManifests.NODE;
import static heddle.cli.Program.heddle;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code -f} takes. */
class ManifestSourcesTest {

  @TempDir private Path folder;

  @Test
  void aDirectoryStandsForItsManifestsAndNothingElseInIt() throws IOException {
    Files.writeString(folder.resolve("1.yaml"), MESH);
    Files.writeString(folder.resolve("2.yml"), BadManifests.MISSPELT);
    Files.writeString(folder.resolve("notes.txt"), "not: [a manifest");

    assertThat(heddle("lint", "-f", folder.toString()).out())
        .contains(folder.resolve("2.yml") + ":7:3: error:", "in 2 files");
  }

  @Test
  void aUrlIsFetched() throws IOException {
    byte[] manifest = (MESH + BadManifests.MISSPELT).getBytes(StandardCharsets.UTF_8);
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/mesh.yaml",
        exchange -> {
          try (exchange) {
            exchange.sendResponseHeaders(200, manifest.length);
            exchange.getResponseBody().write(manifest);
          }
        });
    server.start();
    try {
      String url = "http://127.0.0.1:" + server.getAddress().getPort() + "/";

      assertThat(heddle("lint", "-f", url + "mesh.yaml").out())
          .contains(url + "mesh.yaml:23:3: error:");
      assertThat(heddle("lint", "-f", url + "none.yaml").err())
          .contains("the server answered 404 (expected: 200)");
    } finally {
      server.stop(0);
    }
  }

  @Test
  void aHyphenIsStandardInput() {
    InputStream before = System.in;
    System.setIn(new ByteArrayInputStream((MESH + NODE).getBytes(StandardCharsets.UTF_8)));
    try {
      assertThat(heddle("lint", "-f", "-").out()).isEqualTo("no problems in 1 file\n");
    } finally {
      System.setIn(before);
    }
  }

  @Test
  void whatIsNotThereOrNotATextIsBadInput() throws IOException {
    Path bytes = Files.write(folder.resolve("image.yaml"), new byte[] {(byte) 0xff, (byte) 0xd8});
    Path empty = Files.createDirectory(folder.resolve("empty"));

    Program.Outcome missing = heddle("lint", "-f", "none.yaml");
    assertThat(missing.err()).isEqualTo("-f none.yaml: no such file or directory\n");
    assertThat(missing.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(heddle("lint", "-f", bytes.toString()).err()).contains("not UTF-8");
    assertThat(heddle("lint", "-f", empty.toString()).err()).contains("no manifests in it");
  }
}
