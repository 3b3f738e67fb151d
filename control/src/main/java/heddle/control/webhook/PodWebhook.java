package heddle.control.webhook;

import heddle.control.inject.Injection;
import heddle.control.inject.SidecarInjector;
import heddle.kube.KubeObject;
import heddle.mesh.PodAssignment;
import java.util.Map;
import java.util.Optional;

/** {@code /mutate-v1-pod}: makes pods part of the mesh when they are created. */
public final class PodWebhook implements Webhook {
  private final SidecarInjector injector;
  private final Mesh mesh;

  /** What injection must know of the mesh. */
  public interface Mesh {
    /** Which node a pod is, by the resources as they are now; its name may be empty. */
    PodAssignment assign(String namespace, String pod, Map<String, String> labels)
        throws InterruptedException;

    /** The labels of a namespace; empty if it is not known. */
    Map<String, String> namespaceLabels(String namespace);

    /** Whether a node is found through Cloud Map. */
    boolean cloudMap(String nodeId);
  }

  public PodWebhook(SidecarInjector injector, Mesh mesh) {
    this.injector = injector;
    this.mesh = mesh;
  }

  @Override
  public Verdict review(AdmissionRequest request) throws InterruptedException {
    Optional<KubeObject> pod = request.object();
    if (!request.operation().equals("CREATE") || pod.isEmpty()) {
      return Verdict.allowed();
    }
    PodAssignment assignment =
        mesh.assign(request.namespace(), pod.get().name(), pod.get().labels());
    boolean cloudMap =
        assignment instanceof PodAssignment.Assigned node && mesh.cloudMap(node.nodeId());
    Map<String, String> labels = mesh.namespaceLabels(request.namespace());
    return switch (injector.inject(pod.get(), labels, assignment, cloudMap)) {
      case Injection.Untouched() -> Verdict.allowed();
      case Injection.Injected injected ->
          new Verdict.Allowed(Optional.of(injected.pod()), injected.warnings());
      case Injection.Rejected(String message) -> new Verdict.Denied(message);
    };
  }
}
