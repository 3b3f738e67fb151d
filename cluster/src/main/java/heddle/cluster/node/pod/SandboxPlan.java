package heddle.cluster.node.pod;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import heddle.cluster.node.environment.Expansion;
import heddle.cluster.node.sandbox.Sandbox;
import heddle.cluster.node.sandbox.Sandbox.Mount;
import heddle.cluster.node.volume.ConfigurationException;
import heddle.cluster.node.volume.PodVolumes;
import heddle.images.Image;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Puts together what a container's process sees: image, manifest and volumes. */
final class SandboxPlan {
  private static final String SERVICE_ACCOUNT = "/var/run/secrets/kubernetes.io/serviceaccount";
  private static final String PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
  private static final Set<String> GRANTABLE =
      Set.of(
          "CAP_NET_ADMIN",
          "CAP_NET_BROADCAST",
          "CAP_IPC_LOCK",
          "CAP_SYS_NICE",
          "CAP_SYS_RESOURCE",
          "CAP_AUDIT_WRITE");

  /** Shown in a container whose program is Heddle's own, for {@code kubectl exec}. */
  private static final Set<String> DIAGNOSTIC_TOOLS =
      Set.of(
          "sh",
          "bash",
          "curl",
          "wget",
          "cat",
          "grep",
          "sed",
          "awk",
          "head",
          "tail",
          "ls",
          "env",
          "sleep",
          "date",
          "id",
          "ip",
          "ss",
          "nslookup",
          "dig",
          "sort",
          "wc",
          "tr",
          "cut",
          "jq");

  private final ObjectNode pod;
  private final JsonNode container;
  private final Path namespace;
  private final Path directory;
  private final PodEtc etc;
  private final PodVolumes volumes;

  SandboxPlan(
      ObjectNode pod,
      JsonNode container,
      Path namespace,
      Path directory,
      PodEtc etc,
      PodVolumes volumes) {
    this.pod = pod;
    this.container = container;
    this.namespace = namespace;
    this.directory = directory;
    this.etc = etc;
    this.volumes = volumes;
  }

  /** The sandbox of an image's program. */
  Sandbox program(Image.Program image, Map<String, String> variables)
      throws ConfigurationException, IOException {
    int user = user(image.user());
    boolean terminal = container.path("tty").asBoolean();
    List<Mount> mounts = new ArrayList<>();
    image.hostPaths().forEach(path -> mounts.add(new Mount(path, path.toString(), true)));
    image.files().forEach((target, source) -> mounts.add(new Mount(source, target, true)));
    mounts.addAll(etc.mounts(user, directory));
    mounts.addAll(volumeMounts(variables));
    mounts.add(terminationMessage());
    String workingDirectory = container.path("workingDir").asText(image.workingDirectory());
    return new Sandbox(
        namespace,
        PodEtc.hostname(pod),
        user,
        mounts,
        List.copyOf(new TreeSet<>(image.tools())),
        capabilities(),
        container.path("securityContext").path("readOnlyRootFilesystem").asBoolean(),
        workingDirectory.isEmpty() ? "/" : workingDirectory,
        environment(image.environment(), variables, terminal),
        command(image, variables),
        container.path("stdin").asBoolean(),
        terminal);
  }

  /** The sandbox of a command beside a program of Heddle's own. */
  Sandbox diagnostic(Map<String, String> environment, List<String> command, boolean terminal)
      throws IOException {
    return new Sandbox(
        namespace,
        PodEtc.hostname(pod),
        0,
        etc.mounts(0, directory),
        List.copyOf(new TreeSet<>(DIAGNOSTIC_TOOLS)),
        Sandbox.DEFAULT_CAPABILITIES,
        false,
        "/",
        environment(Map.of(), environment, terminal),
        command,
        true,
        terminal);
  }

  /** Command and args of the manifest over those of the image. */
  static List<String> arguments(
      JsonNode container, List<String> entrypoint, List<String> standard, Map<String, String> env) {
    List<String> words = new ArrayList<>();
    boolean replaced = !container.path("command").isEmpty();
    if (replaced) {
      container.path("command").forEach(w -> words.add(Expansion.expand(w.asText(), env)));
    } else {
      words.addAll(entrypoint);
    }
    if (!container.path("args").isEmpty()) {
      container.path("args").forEach(w -> words.add(Expansion.expand(w.asText(), env)));
    } else if (!replaced) {
      words.addAll(standard);
    }
    return words;
  }

  private List<String> command(Image.Program image, Map<String, String> variables)
      throws ConfigurationException {
    List<String> command = arguments(container, image.entrypoint(), image.command(), variables);
    if (command.isEmpty()) {
      throw new ConfigurationException(
          "image " + image.reference() + " names no command and the manifest gives none");
    }
    return command;
  }

  /** Image, then what every container has, then manifest. */
  private Map<String, String> environment(
      Map<String, String> image, Map<String, String> variables, boolean terminal) {
    Map<String, String> environment = new LinkedHashMap<>();
    environment.put("PATH", PATH);
    environment.put("HOSTNAME", PodEtc.hostname(pod));
    environment.put("HOME", "/root");
    if (terminal) {
      environment.put("TERM", "xterm");
    }
    environment.putAll(image);
    environment.putAll(variables);
    return environment;
  }

  private int user(int standard) {
    JsonNode own = container.path("securityContext").path("runAsUser");
    JsonNode shared = pod.path("spec").path("securityContext").path("runAsUser");
    return own.isInt() ? own.asInt() : shared.isInt() ? shared.asInt() : standard;
  }

  private List<String> capabilities() throws ConfigurationException {
    JsonNode security = container.path("securityContext");
    if (security.path("privileged").asBoolean()) {
      throw new ConfigurationException(
          "securityContext.privileged is not supported: no container gets rights on the host");
    }
    Set<String> granted = new TreeSet<>(Sandbox.DEFAULT_CAPABILITIES);
    for (JsonNode dropped : security.path("capabilities").path("drop")) {
      if (dropped.asText().equalsIgnoreCase("ALL")) {
        granted.clear();
      }
      granted.remove(capability(dropped));
    }
    for (JsonNode added : security.path("capabilities").path("add")) {
      String name = capability(added);
      if (!GRANTABLE.contains(name) && !Sandbox.DEFAULT_CAPABILITIES.contains(name)) {
        throw new ConfigurationException(
            "securityContext.capabilities.add: "
                + added.asText()
                + " is not supported (expected: one of "
                + new TreeSet<>(GRANTABLE)
                + ")");
      }
      granted.add(name);
    }
    return List.copyOf(granted);
  }

  private static String capability(JsonNode name) {
    String upper = name.asText().toUpperCase(java.util.Locale.ROOT);
    return upper.startsWith("CAP_") ? upper : "CAP_" + upper;
  }

  private List<Mount> volumeMounts(Map<String, String> variables) throws IOException {
    List<Mount> mounts = new ArrayList<>();
    boolean serviceAccount = false;
    for (JsonNode mount : container.path("volumeMounts")) {
      String volume = mount.path("name").asText();
      String target = mount.path("mountPath").asText();
      serviceAccount |= target.equals(SERVICE_ACCOUNT);
      boolean writable = writable(volume);
      Path source = volumes.path(volume);
      String sub =
          mount.has("subPathExpr")
              ? Expansion.expand(mount.path("subPathExpr").asText(), variables)
              : mount.path("subPath").asText("");
      if (!sub.isEmpty()) {
        source = within(source, sub, writable);
      }
      mounts.add(new Mount(source, target, !writable || mount.path("readOnly").asBoolean()));
    }
    if (!serviceAccount && Files.exists(volumes.serviceAccount())) {
      mounts.add(new Mount(volumes.serviceAccount(), SERVICE_ACCOUNT, true));
    }
    return mounts;
  }

  /** A part of a volume; one that does not exist yet becomes a directory. */
  private static Path within(Path volume, String sub, boolean writable) throws IOException {
    Path part = volume.resolve(sub).normalize();
    if (!part.startsWith(volume)) {
      throw new IOException("subPath \"" + sub + "\" leaves its volume");
    }
    if (!Files.exists(part)) {
      if (!writable) {
        throw new IOException("subPath \"" + sub + "\" does not exist in its volume");
      }
      Files.createDirectories(part);
    }
    Path real = part.toRealPath();
    if (!real.startsWith(volume.toRealPath())) {
      throw new IOException("subPath \"" + sub + "\" leaves its volume");
    }
    return real;
  }

  private boolean writable(String name) {
    for (JsonNode volume : pod.path("spec").path("volumes")) {
      if (volume.path("name").asText().equals(name)) {
        return volume.has("emptyDir") || volume.size() == 1;
      }
    }
    return false;
  }

  private Mount terminationMessage() throws IOException {
    Path file = directory.resolve("termination-message");
    Files.write(file, new byte[0]);
    return new Mount(
        file, container.path("terminationMessagePath").asText("/dev/termination-log"), false);
  }
}
