package heddle.cluster.protobuf;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Finds the descriptor of a kind. A group-version's descriptors are loaded when it is first asked
 * for: most clusters never see most of them, and the core group alone takes a tenth of a second.
 */
final class Descriptions {
  private static final String PACKAGE = "io.kubernetes.client.proto.";

  /** Kinds of meta.k8s.io that requests use under any group-version. */
  private static final Set<String> META =
      Set.of(
          "CreateOptions",
          "DeleteOptions",
          "GetOptions",
          "ListOptions",
          "PatchOptions",
          "Status",
          "UpdateOptions");

  private final Map<String, Optional<FileDescriptor>> files = new ConcurrentHashMap<>();

  Optional<Descriptor> find(String apiVersion, String kind) {
    String file = META.contains(kind) ? "Meta" : fileName(apiVersion);
    return files
        .computeIfAbsent(file, Descriptions::load)
        .map(descriptor -> descriptor.findMessageTypeByName(kind));
  }

  /** {@code apps/v1} is in {@code V1Apps}, {@code v1} in {@code V1}. */
  private static String fileName(String apiVersion) {
    int slash = apiVersion.indexOf('/');
    if (slash < 0) {
      return capital(apiVersion);
    }
    String group = apiVersion.substring(0, slash);
    int dot = group.indexOf('.');
    boolean kubernetes = dot < 0 || group.endsWith(".k8s.io");
    String first = dot < 0 ? group : group.substring(0, dot);
    return kubernetes ? capital(apiVersion.substring(slash + 1)) + capital(first) : "";
  }

  private static String capital(String word) {
    return word.isEmpty() ? word : Character.toUpperCase(word.charAt(0)) + word.substring(1);
  }

  private static Optional<FileDescriptor> load(String name) {
    if (name.isEmpty() || !name.chars().allMatch(Character::isLetterOrDigit)) {
      return Optional.empty();
    }
    try {
      Object descriptor = Class.forName(PACKAGE + name).getMethod("getDescriptor").invoke(null);
      return descriptor instanceof FileDescriptor file ? Optional.of(file) : Optional.empty();
    } catch (ClassNotFoundException | NoClassDefFoundError e) {
      return Optional.empty();
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(
          "the protobuf descriptors in " + PACKAGE + name + " cannot be loaded", e);
    }
  }
}
