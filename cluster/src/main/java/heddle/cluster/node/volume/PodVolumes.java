package heddle.cluster.node.volume;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import heddle.cluster.informer.Kinds;
import heddle.cluster.node.volume.AtomicDirectory.Entry;
import heddle.cluster.object.Metadata;
import heddle.cluster.object.Objects;
import heddle.cluster.object.ResourceType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The volumes of one pod, below a directory of the pod's own. */
public final class PodVolumes {
  private static final int DEFAULT_MODE = 0644;

  /** What Kubernetes asks for; its holders may read the file once only. */
  private static final long TOKEN_SECONDS = 3607;

  private static final List<String> WRITTEN =
      List.of("configMap", "secret", "downwardAPI", "projected");

  private final Path directory;
  private final Objects objects;
  private final PodTokens tokens;
  private final JsonNode allocatable;
  private final Clock clock;
  private final Map<String, AtomicDirectory> written = new HashMap<>();
  private final Map<String, Issued> issued = new HashMap<>();

  private record Issued(String token, Instant renew) {}

  /**
   * @param directory made when absent
   * @param allocatable of the node, for {@code resourceFieldRef}
   */
  public PodVolumes(
      Path directory, Objects objects, PodTokens tokens, JsonNode allocatable, Clock clock) {
    this.directory = directory;
    this.objects = objects;
    this.tokens = tokens;
    this.allocatable = allocatable;
    this.clock = clock;
  }

  /** Where a volume is. */
  public Path path(String volume) {
    return directory.resolve(volume);
  }

  /** {@code token}, {@code ca.crt} and {@code namespace}; outside the pod's own volumes' names. */
  public Path serviceAccount() {
    return directory.resolve(".service-account");
  }

  /** Makes all volumes, or brings them up to date; what has not changed is not touched. */
  public synchronized void refresh(ObjectNode pod) throws ConfigurationException, IOException {
    for (JsonNode volume : pod.path("spec").path("volumes")) {
      refresh(pod, volume);
    }
    if (pod.path("spec").path("automountServiceAccountToken").asBoolean(true)) {
      Map<String, Entry> files = new LinkedHashMap<>();
      files.put("token", new Entry(token(pod, MissingNode.getInstance()), DEFAULT_MODE));
      files.put("ca.crt", new Entry(tokens.certificateAuthority().getBytes(UTF_8), DEFAULT_MODE));
      files.put("namespace", new Entry(Metadata.namespace(pod).getBytes(UTF_8), DEFAULT_MODE));
      replace(serviceAccount(), files);
    }
  }

  /** When the first token must be renewed; empty without tokens. */
  public synchronized Optional<Instant> renewal() {
    return issued.values().stream().map(Issued::renew).min(Instant::compareTo);
  }

  private void refresh(ObjectNode pod, JsonNode volume) throws ConfigurationException, IOException {
    String name = volume.path("name").asText();
    for (String kind : WRITTEN) {
      if (volume.has(kind)) {
        Map<String, Entry> files = new LinkedHashMap<>();
        JsonNode source = volume.path(kind);
        add(pod, kind, source, source.path("defaultMode").asInt(DEFAULT_MODE), files);
        replace(path(name), files);
        return;
      }
    }
    if (volume.has("emptyDir") || volume.size() == 1) {
      if (!Files.exists(path(name))) {
        Files.createDirectories(path(name));
        Files.setPosixFilePermissions(path(name), PosixFilePermissions.fromString("rwxrwxrwx"));
      }
      return;
    }
    String kind =
        volume.properties().stream()
            .map(Map.Entry::getKey)
            .filter(key -> !key.equals("name"))
            .findFirst()
            .orElse("");
    throw new ConfigurationException(
        "volume \""
            + name
            + "\": "
            + kind
            + " volumes are not supported (expected: configMap, secret, downwardAPI, projected or"
            + " emptyDir)");
  }

  private void add(ObjectNode pod, String kind, JsonNode source, int mode, Map<String, Entry> files)
      throws ConfigurationException {
    switch (kind) {
      case "configMap" ->
          keyed(pod, Kinds.CONFIG_MAPS, source.path("name").asText(), source, mode, files);
      case "secret" ->
          keyed(
              pod,
              Kinds.SECRETS,
              source.path("secretName").asText(source.path("name").asText()),
              source,
              mode,
              files);
      case "downwardAPI" -> downward(pod, source, mode, files);
      case "serviceAccountToken" ->
          files.put(safe(source.path("path").asText()), new Entry(token(pod, source), mode));
      case "projected" -> {
        for (JsonNode part : source.path("sources")) {
          for (Map.Entry<String, JsonNode> field : part.properties()) {
            add(pod, field.getKey(), field.getValue(), mode, files);
          }
        }
      }
      default ->
          throw new ConfigurationException("projected volume source " + kind + " is not supported");
    }
  }

  private void keyed(
      ObjectNode pod,
      ResourceType type,
      String name,
      JsonNode source,
      int mode,
      Map<String, Entry> files)
      throws ConfigurationException {
    boolean optional = source.path("optional").asBoolean();
    Optional<ObjectNode> found = objects.get(type, Metadata.namespace(pod), name);
    if (found.isEmpty()) {
      if (optional) {
        return;
      }
      throw new ConfigurationException(
          type.kind().toLowerCase(java.util.Locale.ROOT) + " \"" + name + "\" not found");
    }
    Map<String, byte[]> data = data(type, found.get());
    if (!source.has("items")) {
      data.forEach((key, bytes) -> files.put(key, new Entry(bytes, mode)));
      return;
    }
    for (JsonNode item : source.path("items")) {
      String key = item.path("key").asText();
      byte[] bytes = data.get(key);
      if (bytes != null) {
        files.put(
            safe(item.path("path").asText()), new Entry(bytes, item.path("mode").asInt(mode)));
      } else if (!optional) {
        throw new ConfigurationException("references non-existent config key: " + key);
      }
    }
  }

  private static Map<String, byte[]> data(ResourceType type, ObjectNode object) {
    Map<String, byte[]> data = new LinkedHashMap<>();
    boolean encoded = type.equals(Kinds.SECRETS);
    Metadata.strings(object.path("data"))
        .forEach(
            (key, value) ->
                data.put(key, encoded ? Base64.getDecoder().decode(value) : value.getBytes(UTF_8)));
    Metadata.strings(object.path("binaryData"))
        .forEach((key, value) -> data.put(key, Base64.getDecoder().decode(value)));
    return data;
  }

  private void downward(ObjectNode pod, JsonNode source, int mode, Map<String, Entry> files)
      throws ConfigurationException {
    for (JsonNode item : source.path("items")) {
      String value =
          item.has("fieldRef")
              ? FieldReference.field(pod, item.path("fieldRef").path("fieldPath").asText())
              : FieldReference.resource(pod, "", item.path("resourceFieldRef"), allocatable);
      files.put(
          safe(item.path("path").asText()),
          new Entry(value.getBytes(UTF_8), item.path("mode").asInt(mode)));
    }
  }

  private byte[] token(ObjectNode pod, JsonNode source) {
    String audience = source.path("audience").asText("");
    Issued present = issued.get(audience);
    if (present == null || clock.instant().isAfter(present.renew())) {
      long seconds = source.path("expirationSeconds").asLong(TOKEN_SECONDS);
      present =
          new Issued(
              tokens.forPod(pod, audience, seconds), clock.instant().plusSeconds(seconds * 4 / 5));
      issued.put(audience, present);
    }
    return present.token().getBytes(UTF_8);
  }

  private static String safe(String path) throws ConfigurationException {
    Path relative = Path.of(path).normalize();
    if (path.isEmpty() || relative.isAbsolute() || relative.toString().startsWith("..")) {
      throw new ConfigurationException(
          "path \"" + path + "\" must be relative and must not contain '..'");
    }
    return relative.toString();
  }

  private void replace(Path path, Map<String, Entry> files) throws IOException {
    written
        .computeIfAbsent(path.getFileName().toString(), name -> new AtomicDirectory(path))
        .replace(files);
  }
}
