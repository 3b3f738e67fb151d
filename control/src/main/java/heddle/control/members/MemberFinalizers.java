package heddle.control.members;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import heddle.control.view.ClusterView;
import heddle.kube.KubeApi;
import heddle.kube.KubeException;
import heddle.kube.KubeObject;
import heddle.kube.PatchType;
import heddle.kube.loop.ControllerLoop;
import heddle.kube.loop.Outcome;
import heddle.kube.status.EventRecorder;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/**
 * Holds a mesh back from its deletion while a node, service, router, gateway or gateway route
 * belongs to it, and a gateway while a route does, and says so in events. Source: the App Mesh
 * controller's finalizers {@code mesh-members} and {@code virtualgateway-members}.
 */
public final class MemberFinalizers implements AutoCloseable {
  private static final String PREFIX = "finalizers.appmesh.k8s.aws/";
  private static final Duration AGAIN = Duration.ofSeconds(60);

  private final KubeApi api;
  private final ClusterView view;
  private final EventRecorder events;
  private final ControllerLoop loop;

  /** What may have members. */
  private enum Owner {
    MESH(
        "Mesh",
        "mesh-members",
        "objects belong to this mesh exists, please delete them to proceed. ",
        List.of("VirtualService", "VirtualRouter", "VirtualNode", "VirtualGateway", "GatewayRoute"),
        "meshRef"),
    GATEWAY(
        "VirtualGateway",
        "virtualgateway-members",
        "objects belonging to this virtualGateway exist, please delete them to proceed. ",
        List.of("GatewayRoute"),
        "virtualGatewayRef");

    private final String kind;
    private final String finalizer;
    private final String pending;
    private final List<String> memberKinds;
    private final String reference;

    Owner(
        String kind, String finalizer, String pending, List<String> memberKinds, String reference) {
      this.kind = kind;
      this.finalizer = PREFIX + finalizer;
      this.pending = pending;
      this.memberKinds = memberKinds;
      this.reference = reference;
    }

    static Optional<Owner> of(String kind) {
      for (Owner owner : values()) {
        if (owner.kind.equals(kind)) {
          return Optional.of(owner);
        }
      }
      return Optional.empty();
    }

    /** Whether an object of the view belongs to one of this kind. */
    boolean owns(KubeObject owner, KubeObject member) {
      JsonNode to = member.spec().path(reference);
      return memberKinds.contains(member.kind())
          && to.path("name").asText().equals(owner.name())
          && to.path("uid").asText(owner.uid()).equals(owner.uid())
          && (owner.namespace().isEmpty()
              || to.path("namespace").asText(member.namespace()).equals(owner.namespace()));
    }
  }

  /** Starts the writer. */
  public MemberFinalizers(
      KubeApi api, ClusterView view, EventRecorder events, LongSupplier ticker) {
    this.api = api;
    this.view = view;
    this.events = events;
    this.loop = ControllerLoop.start("finalizers", 1, this::write, ticker);
  }

  /** Looks at everything that may have members; call it when the view has changed. */
  public void update() {
    for (KubeObject object : view.meshObjects()) {
      Owner.of(object.kind())
          .filter(owner -> object.deleting() || !object.hasFinalizer(owner.finalizer))
          .ifPresent(owner -> loop.enqueue(owner.kind + "/" + object.key()));
    }
  }

  @Override
  public void close() {
    loop.close();
  }

  private Outcome write(String key) {
    String[] parts = key.split("/", -1);
    String namespace = parts.length == 3 ? parts[1] : "";
    Owner owner = Owner.of(parts[0]).orElseThrow();
    return view.meshObject(owner.kind, namespace, parts[parts.length - 1])
        .map(object -> object.deleting() ? release(owner, object) : hold(owner, object))
        .orElse(Outcome.done());
  }

  private Outcome hold(Owner owner, KubeObject object) {
    if (!object.hasFinalizer(owner.finalizer)) {
      ArrayNode finalizers = finalizers(object);
      finalizers.add(owner.finalizer);
      store(object, finalizers);
    }
    return Outcome.done();
  }

  private Outcome release(Owner owner, KubeObject object) {
    if (!object.hasFinalizer(owner.finalizer)) {
      return Outcome.done();
    }
    List<KubeObject> members =
        view.meshObjects().stream().filter(member -> owner.owns(object, member)).toList();
    if (!members.isEmpty()) {
      events.record(
          object,
          EventRecorder.Type.WARNING,
          "PendingMembersDeletion",
          owner.pending + counts(owner, members));
      return Outcome.requeueAfter(AGAIN);
    }
    ArrayNode finalizers = finalizers(object);
    finalizers.removeIf(each -> each.asText().equals(owner.finalizer));
    store(object, finalizers);
    return Outcome.done();
  }

  private static String counts(Owner owner, List<KubeObject> members) {
    return owner.memberKinds.stream()
        .map(
            kind ->
                kind.substring(0, 1).toLowerCase(Locale.ROOT)
                    + kind.substring(1)
                    + ": "
                    + members.stream().filter(member -> member.kind().equals(kind)).count())
        .collect(Collectors.joining(", "));
  }

  private static ArrayNode finalizers(KubeObject object) {
    return object.json().path("metadata").path("finalizers") instanceof ArrayNode present
        ? present.deepCopy()
        : JsonNodeFactory.instance.arrayNode();
  }

  private void store(KubeObject object, ArrayNode finalizers) {
    ObjectNode patch = JsonNodeFactory.instance.objectNode();
    ObjectNode metadata = patch.putObject("metadata");
    metadata.put("uid", object.uid()).put("resourceVersion", object.resourceVersion());
    metadata.set("finalizers", finalizers);
    try {
      KubeObject unused =
          api.patch(
              api.kindOf(object), object.namespace(), object.name(), "", PatchType.MERGE, patch);
    } catch (KubeException e) {
      if (!e.notFound()) {
        throw e;
      }
    }
  }
}
