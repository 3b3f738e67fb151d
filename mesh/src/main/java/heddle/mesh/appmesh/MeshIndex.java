package heddle.mesh.appmesh;

import heddle.manifest.FieldPath;
import heddle.mesh.input.KubernetesService;
import heddle.mesh.input.MeshInput;
import heddle.resource.ResourceKey;
import heddle.resource.appmesh.AppMeshResource;
import heddle.resource.appmesh.Mesh;
import heddle.resource.appmesh.MeshRef;
import heddle.resource.appmesh.Reference;
import heddle.resource.appmesh.ServiceDiscovery;
import heddle.resource.appmesh.VirtualNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Who belongs to which mesh, and who is called what. Members are sorted, so output is stable. */
final class MeshIndex {

  private final MeshInput input;
  private final Findings findings;
  private final List<AppMeshResource> resources;
  private final List<Mesh> meshes;
  private final Map<ResourceKey, AppMeshResource> byKey = new HashMap<>();
  private final Map<ResourceKey, Mesh> membership = new HashMap<>();
  private final Map<String, AppMeshResource> byAwsName = new LinkedHashMap<>();
  private final Map<String, KubernetesService> services = new HashMap<>();
  private final Map<Class<?>, List<AppMeshResource>> members = new HashMap<>();
  private final Map<String, List<VirtualNode>> registered = new HashMap<>();

  /** Where the questions of what is being worked out are noted; null for nowhere. */
  private @Nullable Map<Question, @Nullable Object> notes;

  MeshIndex(MeshInput input, Findings findings) {
    this.input = input;
    this.findings = findings;
    this.resources =
        input.resources().stream()
            .filter(AppMeshResource.class::isInstance)
            .map(AppMeshResource.class::cast)
            .map(resource -> Map.entry(resource.key().toString(), resource))
            .sorted(Map.Entry.comparingByKey())
            .map(Map.Entry::getValue)
            .toList();
    this.meshes = resources.stream().filter(Mesh.class::isInstance).map(Mesh.class::cast).toList();
    resources.forEach(resource -> byKey.put(resource.key(), resource));
    resources.stream().filter(Mesh.class::isInstance).forEach(this::enrol);
    resources.stream().filter(r -> !(r instanceof Mesh)).forEach(this::enrol);
    resources.forEach(this::name);
    input.services().forEach(s -> services.put(s.namespace() + "/" + s.name(), s));
  }

  List<AppMeshResource> resources() {
    return resources;
  }

  /** The members of that kind, of any mesh. */
  @SuppressWarnings("unchecked") // That is what the question asks for.
  <T extends AppMeshResource> List<T> members(Class<T> kind) {
    return (List<T>) Objects.requireNonNull(ask(new Question.Members(kind)));
  }

  @Nullable Mesh meshOf(AppMeshResource resource) {
    return (Mesh) ask(new Question.MeshOf(resource.key()));
  }

  Optional<KubernetesService> service(String namespace, String name) {
    return Optional.ofNullable((KubernetesService) ask(new Question.Service(namespace, name)));
  }

  /** The nodes whose pods are instances of a Cloud Map service. */
  @SuppressWarnings("unchecked") // That is what the question asks for.
  List<VirtualNode> registered(ServiceDiscovery.CloudMap service) {
    return (List<VirtualNode>) Objects.requireNonNull(ask(new Question.Registered(place(service))));
  }

  /** Answers a question, and notes it. */
  private @Nullable Object ask(Question.OfIndex question) {
    Object answer = answer(question);
    asked(question, answer);
    return answer;
  }

  /** The answer, which is the same object every time. */
  @Nullable Object answer(Question.OfIndex question) {
    return switch (question) {
      case Question.Named(ResourceKey key) -> byKey.get(key);
      case Question.Called(String place) -> byAwsName.get(place);
      case Question.MeshOf(ResourceKey key) -> membership.get(key);
      case Question.Members(var kind) -> members.computeIfAbsent(kind, this::membersOf);
      case Question.Service(String namespace, String name) -> services.get(namespace + "/" + name);
      case Question.Registered(String place) -> registered.getOrDefault(place, List.of());
    };
  }

  /** Notes a question that something depends on. */
  void asked(Question question, @Nullable Object answer) {
    if (notes != null) {
      notes.put(question, answer);
    }
  }

  /**
   * Notes all questions there from now on.
   *
   * @return where they were noted until now
   */
  @Nullable Map<Question, @Nullable Object> noteIn(
      @Nullable Map<Question, @Nullable Object> nowHere) {
    Map<Question, @Nullable Object> before = notes;
    notes = nowHere;
    return before;
  }

  private List<AppMeshResource> membersOf(Class<?> kind) {
    return resources.stream()
        .filter(kind::isInstance)
        .filter(resource -> membership.containsKey(resource.key()))
        .toList();
  }

  private static String place(ServiceDiscovery.CloudMap map) {
    return map.namespaceName() + "/" + map.serviceName();
  }

  /** The labels of a namespace; null when it is not known. */
  @Nullable Map<String, String> namespaceLabels(String namespace) {
    return input.namespaces().get(namespace);
  }

  private void enrol(AppMeshResource resource) {
    if (resource instanceof Mesh mesh) {
      if ("IPv6_ONLY".equals(mesh.ipPreference())) {
        findings.fail(
            mesh,
            "Unsupported",
            "unsupported",
            mesh.path().fields("spec", "meshServiceDiscovery", "ipPreference"),
            "IPv6_ONLY is not supported yet (expected: IPv4_ONLY or nothing)");
      } else {
        membership.put(mesh.key(), mesh);
      }
      return;
    }
    Mesh mesh = resource.meshRef() == null ? select(resource) : referred(resource);
    if (mesh != null && findings.failed(mesh)) {
      findings.pending(resource, "mesh is not active yet");
    } else if (mesh != null) {
      membership.put(resource.key(), mesh);
    }
  }

  private @Nullable Mesh referred(AppMeshResource resource) {
    MeshRef ref = Objects.requireNonNull(resource.meshRef());
    FieldPath path = resource.path().fields("spec", "meshRef");
    AppMeshResource found = byKey.get(new ResourceKey("Mesh", "", ref.name()));
    if (!(found instanceof Mesh mesh)) {
      findings.fail(
          resource,
          "ReferenceNotFound",
          "dangling-reference",
          path.field("name"),
          "there is no mesh \"" + ref.name() + "\"");
      return null;
    }
    if (mesh.meta().uid() != null && !mesh.meta().uid().equals(ref.uid())) {
      findings.fail(
          resource, "NoMesh", "mesh-uid", path.field("uid"), "mesh UID mismatch: " + ref.name());
      return null;
    }
    return mesh;
  }

  private @Nullable Mesh select(AppMeshResource resource) {
    String namespace = resource.meta().namespace();
    Map<String, String> labels = input.namespaces().get(namespace);
    if (labels == null && meshes.size() == 1) {
      return meshes.getFirst();
    }
    Map<String, String> known = labels == null ? Map.of() : labels;
    List<Mesh> found =
        meshes.stream()
            .filter(m -> m.namespaceSelector() != null && m.namespaceSelector().matches(known))
            .toList();
    if (found.size() == 1) {
      return found.getFirst();
    }
    FieldPath path = resource.path().fields("metadata", "namespace");
    if (found.isEmpty()) {
      findings.fail(
          resource,
          "NoMesh",
          "no-mesh",
          path,
          "failed to find matching mesh for namespace: " + namespace + ", expecting 1 but found 0",
          "label the namespace as the Mesh's spec.namespaceSelector asks");
    } else {
      findings.fail(
          resource,
          "NoMesh",
          "several-meshes",
          path,
          "found multiple matching meshes for namespace: "
              + namespace
              + ", expecting 1 but found "
              + found.size()
              + ": "
              + found.stream().map(m -> m.meta().name()).collect(Collectors.joining(",")));
    }
    return null;
  }

  private void name(AppMeshResource resource) {
    Mesh mesh = meshOf(resource);
    if (mesh == null) {
      return;
    }
    String name = place(mesh, resource.kind(), resource.awsName());
    AppMeshResource other = byAwsName.putIfAbsent(name, resource);
    if (other != null) {
      findings.fail(
          resource,
          "Conflict",
          "duplicate-name",
          resource.path().fields("spec", "awsName"),
          "\"" + resource.awsName() + "\" is the App Mesh name of " + other.key() + " too");
      membership.remove(resource.key());
    }
  }

  /** Services are called by Host, in which case does not matter. */
  private static String place(Mesh mesh, String kind, String awsName) {
    String name =
        kind.equals("VirtualService") ? awsName.toLowerCase(java.util.Locale.ROOT) : awsName;
    return kind + "/" + mesh.awsName() + "/" + name;
  }

  /** Takes a resource out of its mesh, because it asks for what is not supported. */
  void refuse(AppMeshResource resource) {
    membership.remove(resource.key());
    members.clear();
  }

  /** To be called once it is settled who is refused. */
  void register() {
    for (VirtualNode node : members(VirtualNode.class)) {
      if (node.podSelector() != null && node.discovery() instanceof ServiceDiscovery.CloudMap map) {
        registered.computeIfAbsent(place(map), key -> new ArrayList<>()).add(node);
      }
    }
  }

  /** Finds what a reference means; null when there is nothing in the mesh that it could mean. */
  <T extends AppMeshResource> @Nullable T find(
      Class<T> type, String kind, Reference reference, AppMeshResource from) {
    Object found =
        switch (reference) {
          case Reference.ByName name ->
              ask(
                  new Question.Named(
                      new ResourceKey(
                          kind, name.namespaceOr(from.meta().namespace()), name.name())));
          case Reference.ByArn arn -> {
            Mesh mesh = meshOf(from);
            yield mesh == null ? null : ask(new Question.Called(place(mesh, kind, arn.awsName())));
          }
        };
    return type.isInstance(found) ? type.cast(found) : null;
  }

  /** Finds and checks; reports what is missing, not of the same mesh, or does not take effect. */
  <T extends AppMeshResource> @Nullable T resolve(
      Class<T> type, String kind, Reference reference, AppMeshResource from, FieldPath path) {
    T found = find(type, kind, reference, from);
    String name =
        switch (reference) {
          case Reference.ByName ref -> ref.namespaceOr(from.meta().namespace()) + "/" + ref.name();
          case Reference.ByArn arn -> arn.arn();
        };
    FieldPath at =
        switch (reference) {
          case Reference.ByName ignored -> path.field(decapitalized(kind) + "Ref").field("name");
          case Reference.ByArn ignored -> path.field(decapitalized(kind) + "ARN");
        };
    if (found == null && isInvalid(kind, reference, from)) {
      findings.pending(from, kind + " " + name + " is not valid");
      return null;
    }
    if (found == null) {
      findings.fail(
          from,
          "ReferenceNotFound",
          "dangling-reference",
          at,
          "there is no " + kind + " " + name,
          nearest(type, reference));
      return null;
    }
    Mesh mesh = meshOf(found);
    if (mesh == null) {
      findings.pending(from, found.key() + " is not active yet");
      return null;
    }
    if (!mesh.equals(meshOf(from))) {
      findings.fail(
          from,
          "Conflict",
          "other-mesh",
          at,
          decapitalized(kind)
              + " "
              + found.meta().name()
              + " didn't belong to mesh "
              + Objects.requireNonNull(meshOf(from)).meta().name());
      return null;
    }
    return found;
  }

  private boolean isInvalid(String kind, Reference reference, AppMeshResource from) {
    return reference instanceof Reference.ByName name
        && input
            .invalid()
            .contains(
                new ResourceKey(kind, name.namespaceOr(from.meta().namespace()), name.name()));
  }

  private <T extends AppMeshResource> @Nullable String nearest(Class<T> type, Reference reference) {
    if (!(reference instanceof Reference.ByName name)) {
      return null;
    }
    List<String> known = new ArrayList<>();
    for (AppMeshResource resource : resources) {
      if (type.isInstance(resource)) {
        known.add(resource.meta().name());
      }
    }
    return heddle.resource.schema.NearestName.of(name.name(), known)
        .map(near -> "did you mean \"" + near + "\"?")
        .orElse(null);
  }

  static String decapitalized(String kind) {
    return Character.toLowerCase(kind.charAt(0)) + kind.substring(1);
  }
}
