package heddle.cli;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * Reads what {@code -f} names: a file, a directory's manifests in name order, a URL, or {@code -}
 * for standard input.
 */
final class ManifestSources {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** More than the reader of manifests takes in any encoding: only keeps memory bounded. */
  private static final int LARGEST = 64 << 20;

  /** One manifest file: where it came from, as the user wrote it, and its text. */
  record Source(String name, String text) {}

  private ManifestSources() {}

  /** Reads everything before anything is done with it, so that a bad name never half-applies. */
  static List<Source> read(List<String> names) {
    List<Source> sources = new ArrayList<>();
    for (String name : names) {
      try {
        sources.addAll(read(name));
      } catch (IOException e) {
        throw CommandFailure.usage("-f " + name + ": cannot be read: " + e.getMessage());
      }
    }
    return sources;
  }

  private static List<Source> read(String name) throws IOException {
    if (name.equals("-")) {
      return List.of(new Source("<stdin>", text("-", System.in)));
    }
    if (name.startsWith("http://") || name.startsWith("https://")) {
      return List.of(new Source(name, fetch(name)));
    }
    Path path = Path.of(name);
    if (Files.isDirectory(path)) {
      return directory(path);
    }
    if (!Files.exists(path)) {
      throw CommandFailure.usage("-f " + name + ": no such file or directory");
    }
    return List.of(file(name, path));
  }

  private static List<Source> directory(Path directory) throws IOException {
    List<Source> sources = new ArrayList<>();
    try (Stream<Path> entries = Files.list(directory)) {
      for (Path file : entries.filter(ManifestSources::isManifest).sorted().toList()) {
        sources.add(file(file.toString(), file));
      }
    }
    if (sources.isEmpty()) {
      throw CommandFailure.usage(
          "-f " + directory + ": no manifests in it (expected: files ending .yaml, .yml or .json)");
    }
    return sources;
  }

  private static boolean isManifest(Path file) {
    String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
    return Files.isRegularFile(file)
        && (name.endsWith(".yaml") || name.endsWith(".yml") || name.endsWith(".json"));
  }

  private static Source file(String name, Path path) throws IOException {
    try (InputStream in = Files.newInputStream(path)) {
      return new Source(name, text(name, in));
    }
  }

  private static String fetch(String url) throws IOException {
    try (HttpClient client =
        HttpClient.newBuilder()
            .followRedirects(HttpClient.Redirect.NORMAL)
            .connectTimeout(PATIENCE)
            .build()) {
      HttpResponse<InputStream> response =
          client.send(
              HttpRequest.newBuilder(URI.create(url)).timeout(PATIENCE).build(),
              HttpResponse.BodyHandlers.ofInputStream());
      try (InputStream body = response.body()) {
        if (response.statusCode() != 200) {
          throw CommandFailure.usage(
              "-f " + url + ": the server answered " + response.statusCode() + " (expected: 200)");
        }
        return text(url, body);
      }
    } catch (IllegalArgumentException e) {
      throw CommandFailure.usage("-f " + url + ": not a URL: " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw CommandFailure.usage("-f " + url + ": interrupted");
    }
  }

  private static String text(String name, InputStream in) throws IOException {
    byte[] bytes = in.readNBytes(LARGEST + 1);
    if (bytes.length > LARGEST) {
      throw CommandFailure.usage("-f " + name + ": more than " + (LARGEST >> 20) + " MiB");
    }
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw CommandFailure.usage("-f " + name + ": not UTF-8 (expected: a text in UTF-8)");
    }
  }
}
