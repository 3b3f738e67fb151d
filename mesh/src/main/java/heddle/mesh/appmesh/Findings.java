package heddle.mesh.appmesh;

import heddle.manifest.Diagnostic;
import heddle.manifest.FieldPath;
import heddle.manifest.Severity;
import heddle.mesh.model.ResourceStatus;
import heddle.resource.Resource;
import heddle.resource.ResourceKey;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Collects what is wrong during one compilation. The first problem of a resource is its status. */
final class Findings {

  private final List<Diagnostic> diagnostics = new ArrayList<>();
  private final Map<ResourceKey, ResourceStatus> failures = new LinkedHashMap<>();
  private long said;

  /** The resource, or a part of it, does not take effect. */
  void fail(Resource resource, String reason, String code, FieldPath path, String message) {
    fail(resource, reason, code, path, message, null);
  }

  void fail(
      Resource resource,
      String reason,
      String code,
      FieldPath path,
      String message,
      @Nullable String hint) {
    add(Severity.ERROR, resource, code, path, message, hint);
    String shown = path.toString().isEmpty() ? message : path + ": " + message;
    failures.putIfAbsent(resource.key(), new ResourceStatus(resource.key(), false, reason, shown));
  }

  /** The resource waits for another, which has a diagnostic of its own. */
  void pending(Resource resource, String message) {
    said++;
    failures.putIfAbsent(
        resource.key(), new ResourceStatus(resource.key(), false, "PendingReference", message));
  }

  void warn(Resource resource, String code, FieldPath path, String message, String hint) {
    add(Severity.WARNING, resource, code, path, message, hint);
  }

  void note(Resource resource, String code, FieldPath path, String message) {
    add(Severity.NOTE, resource, code, path, message, null);
  }

  private void add(
      Severity severity,
      Resource resource,
      String code,
      FieldPath path,
      String message,
      @Nullable String hint) {
    said++;
    diagnostics.add(
        new Diagnostic(severity, code, resource.source().originOf(path), path, message, hint));
  }

  boolean failed(Resource resource) {
    return failed(resource.key());
  }

  boolean failed(ResourceKey key) {
    return failures.containsKey(key);
  }

  /** How often something was said until now, whether it was new or not. */
  long said() {
    return said;
  }

  List<Diagnostic> diagnostics() {
    return List.copyOf(diagnostics);
  }

  ResourceStatus status(Resource resource) {
    ResourceStatus failure = failures.get(resource.key());
    return failure != null ? failure : new ResourceStatus(resource.key(), true, "Active", "");
  }
}
