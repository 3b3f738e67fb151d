package heddle.control.rebuild;

import heddle.control.view.ClusterView;
import heddle.kube.KubeObject;
import heddle.manifest.Diagnostic;
import heddle.mesh.CompiledMesh;
import heddle.mesh.MeshCompiler;
import heddle.mesh.input.MeshInput;
import heddle.mesh.model.ResourceStatus;
import heddle.resource.Decoded;
import heddle.resource.Resource;
import heddle.resource.ResourceKey;
import heddle.resource.appmesh.AppMeshCodec;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compiles what the cluster holds. An object of which nothing but its status has changed is not
 * decoded again, and what does not depend on a change is not compiled again. For several threads.
 */
public final class MeshBuilder {
  private static final Logger LOG = LoggerFactory.getLogger(MeshBuilder.class);

  private final MeshCompiler compiler = new MeshCompiler();
  private final AppMeshCodec codec = new AppMeshCodec();
  private final Map<ResourceKey, Known> known = new ConcurrentHashMap<>();

  /** The latest mesh, from which the next one takes over what has not changed. */
  private volatile @Nullable CompiledMesh latest;

  private record Known(KubeObject object, Decoded decoded) {}

  /**
   * A compilation.
   *
   * @param invalid the statuses of objects that it could not include
   */
  public record Build(CompiledMesh mesh, List<ResourceStatus> invalid) {
    public Build {
      invalid = List.copyOf(invalid);
    }
  }

  /** Compiles everything. */
  public Build build(ClusterView.Contents contents) {
    List<Resource> resources = new ArrayList<>();
    List<ResourceStatus> invalid = new ArrayList<>();
    Set<ResourceKey> present = new HashSet<>();
    for (KubeObject object : contents.meshObjects()) {
      ResourceKey key = new ResourceKey(object.kind(), object.namespace(), object.name());
      present.add(key);
      switch (decoded(key, object)) {
        case Decoded.Typed typed -> resources.add(typed.resource());
        case Decoded.Invalid wrong -> invalid.add(invalid(key, wrong.diagnostics()));
        case Decoded.Untyped untyped -> LOG.debug("{} is of a kind that is not compiled", object);
      }
    }
    known.keySet().retainAll(present);
    Set<ResourceKey> waitedFor =
        invalid.stream().map(ResourceStatus::key).collect(Collectors.toSet());
    MeshInput input =
        new MeshInput(resources, contents.namespaceLabels(), contents.services(), waitedFor);
    CompiledMesh mesh = compiler.compile(input, latest);
    latest = mesh;
    return new Build(mesh, invalid);
  }

  private Decoded decoded(ResourceKey key, KubeObject object) {
    Known before = known.get(key);
    if (before != null && before.object() == object) {
      return before.decoded();
    }
    Decoded decoded =
        before == null || ClusterView.differ(before.object(), object, "spec")
            ? codec.decode(object.document())
            : before.decoded();
    known.put(key, new Known(object, decoded));
    return decoded;
  }

  private static ResourceStatus invalid(ResourceKey key, List<Diagnostic> diagnostics) {
    String message =
        diagnostics.stream()
            .filter(Diagnostic::isError)
            .map(error -> error.path() + ": " + error.message())
            .collect(Collectors.joining("; "));
    return new ResourceStatus(key, false, "Invalid", message);
  }
}
