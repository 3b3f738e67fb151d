package heddle.images;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Finds images without a registry: first in the user's own file, then among those that Heddle
 * brings: the walkthroughs' applications, the system images whose work Heddle does itself, and a
 * few general ones that the host's programs can stand for.
 */
public final class Catalogue implements ImageResolver {
  private static final String PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
  private static final String PLACEHOLDER = "dummy-value-to-be-overrriden-by-injector";

  /** Makes the image of an entry from the reference that asked for it. */
  private interface Maker {
    Image make(String reference, Reference parsed) throws IOException, ImageNotFoundException;
  }

  /** An entry: repositories it answers for (any tag) and what they are. */
  private record Entry(Pattern repositories, Maker maker) {}

  private final Programs programs;
  private final ImageFile overrides;
  private final HostEnvoy envoy;
  private final List<Entry> entries;

  /**
   * @param overrides the file of {@code --images}; {@link ImageFile#EMPTY} without one
   */
  public Catalogue(Programs programs, ImageFile overrides, HostEnvoy envoy) {
    this.programs = programs;
    this.envoy = envoy;
    this.overrides = overrides;
    entries =
        List.of(
            workload("yuto425/appmesh_k8s_retry_test", "heddle.workload.RetryTest"),
            workload("fawadkhaliq/colorapp", "heddle.workload.ColorApp"),
            workload("fawadkhaliq/feapp", "heddle.workload.FrontApp"),
            new Entry(name("fawadkhaliq/vegeta-trafficgen"), this::trafficGenerator),
            builtin("public.ecr.aws/appmesh/aws-appmesh-envoy", "envoy"),
            builtin("\\d{12}.dkr.ecr.*/aws-appmesh-envoy", "envoy"),
            new Entry(name("envoyproxy/envoy"), this::stockEnvoy),
            builtin("*/aws-appmesh-proxy-route-manager", "proxyinit"),
            builtin("heddle/appmesh-controller", "appmesh-controller"),
            builtin("*/amazon/appmesh-controller", "appmesh-controller"),
            builtin("amazon/appmesh-controller", "appmesh-controller"),
            builtin("public.ecr.aws/appmesh/appmesh-controller", "appmesh-controller"),
            general("curlimages/curl", List.of("curl"), List.of("--help"), 100),
            general("busybox", List.of(), List.of("sh"), 0),
            general("alpine", List.of(), List.of("sh"), 0));
  }

  /** The repositories that need neither a file nor a registry, for messages and documentation. */
  public static List<String> repositories() {
    return List.of(
        "yuto425/appmesh_k8s_retry_test",
        "fawadkhaliq/colorapp",
        "fawadkhaliq/feapp",
        "fawadkhaliq/vegeta-trafficgen",
        "envoyproxy/envoy",
        "curlimages/curl",
        "busybox",
        "alpine");
  }

  @Override
  public Image resolve(String reference) throws ImageNotFoundException {
    if (reference.isBlank()) {
      throw new ImageNotFoundException("the container names no image");
    }
    if (reference.equals(PLACEHOLDER)) {
      throw new ImageNotFoundException(
          "image \""
              + reference
              + "\" is the placeholder that App Mesh's injection replaces: label the namespace"
              + " appmesh.k8s.aws/sidecarInjectorWebhook=enabled and see that a VirtualGateway"
              + " selects the pod");
    }
    var parsed = Reference.parse(reference);
    Optional<Image> own = overrides.find(reference, parsed).map(image -> image);
    return own.isPresent() ? own.get() : builtIn(reference, parsed);
  }

  private Image builtIn(String reference, Reference parsed) throws ImageNotFoundException {
    for (Entry entry : entries) {
      if (entry.repositories.matcher(parsed.repository()).matches()) {
        return make(entry, reference, parsed);
      }
    }
    throw new ImageNotFoundException(
        "no image \""
            + reference
            + "\": Heddle does not pull from registries yet. Say what it runs in a file,"
            + " {\"images\": {\""
            + parsed.repository()
            + "\": {\"command\": [\"…\"]}}}, and start with `heddle up --images FILE`. Built in"
            + " are "
            + String.join(", ", repositories()));
  }

  private static Image make(Entry entry, String reference, Reference parsed)
      throws ImageNotFoundException {
    try {
      return entry.maker.make(reference, parsed);
    } catch (IOException e) {
      throw new ImageNotFoundException("cannot prepare image \"" + reference + "\": " + e);
    }
  }

  private Entry workload(String repository, String mainClass) {
    return new Entry(
        name(repository),
        (reference, parsed) ->
            program(
                reference,
                "built in: Heddle's own " + parsed.repository(),
                programs.workloadCommand(mainClass),
                List.of(),
                0,
                programs.workloadPaths(),
                Tools.both(Tools.BASIC, Tools.NETWORK),
                Map.of()));
  }

  private Image trafficGenerator(String reference, Reference parsed) throws IOException {
    Path vegeta = programs.loadScript("vegeta", "heddle.load.vegeta.Vegeta");
    return program(
        reference,
        "built in: Heddle's own " + parsed.repository() + " with a vegeta command",
        List.of(),
        List.of("sh"),
        0,
        programs.loadPaths(),
        Tools.and(Tools.both(Tools.BASIC, Tools.NETWORK), "jq"),
        Map.of("/usr/local/bin/vegeta", vegeta));
  }

  private Image stockEnvoy(String reference, Reference parsed) throws ImageNotFoundException {
    Path binary = envoy.find();
    return program(
        reference,
        "built in: this machine's Envoy, " + binary,
        List.of(),
        List.of("envoy", "-c", "/etc/envoy/envoy.yaml"),
        0,
        List.of(),
        Tools.both(Tools.BASIC, Tools.NETWORK),
        Map.of("/usr/local/bin/envoy", binary));
  }

  private static Entry builtin(String repositories, String program) {
    return new Entry(
        name(repositories),
        (reference, parsed) ->
            new Image.Builtin(
                reference, "built in: Heddle itself is the " + program, program, parsed.tag()));
  }

  private static Entry general(
      String repository, List<String> entrypoint, List<String> command, int user) {
    return new Entry(
        name(repository),
        (reference, parsed) ->
            program(
                reference,
                "built in: the host's programs stand for " + parsed.repository(),
                entrypoint,
                command,
                user,
                List.of(),
                Tools.both(Tools.BASIC, Tools.NETWORK),
                Map.of()));
  }

  private static Image.Program program(
      String reference,
      String origin,
      List<String> entrypoint,
      List<String> command,
      int user,
      List<Path> hostPaths,
      Set<String> tools,
      Map<String, Path> files) {
    return new Image.Program(
        reference,
        origin,
        entrypoint,
        command,
        Map.of("PATH", PATH),
        "/",
        user,
        hostPaths,
        tools,
        files);
  }

  /**
   * A repository, where {@code *} stands for anything and the rest, but {@code \d{12}}, for itself.
   */
  private static Pattern name(String repository) {
    return Pattern.compile(repository.replace(".", "\\.").replace("*", ".*"));
  }
}
