package heddle.images;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What an image reference stands for on this machine. */
public sealed interface Image {

  /** The reference as the manifest wrote it. */
  String reference();

  /** One sentence for the pod's event: how the reference was resolved. */
  String origin();

  /**
   * A process in a sandbox that sees, of the host, only what is named here.
   *
   * @param entrypoint image ENTRYPOINT; a manifest's {@code command} replaces it
   * @param command image CMD; a manifest's {@code args} replace it
   * @param environment variables of the image, below the manifest's
   * @param workingDirectory absolute path inside the container
   * @param user uid the process runs as inside its sandbox
   * @param hostPaths host files or directories shown read-only at the same path
   * @param tools names of host programs shown in the container (sh, curl…)
   * @param files files of the image itself: path inside the container → host path, read-only
   */
  record Program(
      String reference,
      String origin,
      List<String> entrypoint,
      List<String> command,
      Map<String, String> environment,
      String workingDirectory,
      int user,
      List<Path> hostPaths,
      Set<String> tools,
      Map<String, Path> files)
      implements Image {
    public Program {
      entrypoint = List.copyOf(entrypoint);
      command = List.copyOf(command);
      environment = Map.copyOf(environment);
      hostPaths = List.copyOf(hostPaths);
      tools = Set.copyOf(tools);
      files = Map.copyOf(files);
    }
  }

  /**
   * A program that Heddle itself runs, in its own process: sidecars and system controllers.
   *
   * @param program name under which the wiring registered it ({@code envoy}, {@code proxyinit},
   *     {@code appmesh-controller})
   */
  record Builtin(String reference, String origin, String program, @Nullable String version)
      implements Image {}
}
