package heddle.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Message;
import heddle.manifest.Diagnostic;
import heddle.manifest.Document;
import heddle.manifest.ManifestReader;
import heddle.mesh.emit.NodeConfig;
import heddle.mesh.input.MeshInput;
import heddle.mesh.input.Pod;
import heddle.resource.Decoded;
import heddle.resource.Resource;
import heddle.resource.ResourceKey;
import heddle.resource.appmesh.AppMeshCodec;
import heddle.resource.appmesh.AppMeshCrds;
import heddle.xds.route.RouteTable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * No field of App Mesh is read and then forgotten: whoever changes one is served something else, or
 * is told why not.
 *
 * <p>{@code every-field.yaml} uses each field of each kind's schema. Each value in it is replaced
 * by others, one at a time, and the whole is compiled again.
 */
class EveryFieldTest {

  /** What is served need not depend on these. Each must say why; nothing else may be added. */
  private static final Map<String, String> WITHOUT_EFFECT =
      Map.of(
          "Mesh spec.meshOwner",
          "an account of AWS: a part of ARNs and of the id in a sidecar's environment",
          "GatewayRoute spec.awsName",
          "a part of the ARN; nothing served is named by it, and nothing refers to it");

  private static final List<Pod> PODS =
      List.of(pod("http", 1), pod("multi", 2), pod("grpc", 3), pod("tcp", 4), pod("edge", 5));

  private final Schemas schemas = new Schemas(AppMeshCrds.all());
  private final List<Map<String, Object>> objects = everyField();
  private final AppMeshCodec codec = new AppMeshCodec();
  private final List<Decoded> decoded =
      objects.stream().map(object -> codec.decode(Document.ofObject(object))).toList();
  private final Observed before = observe(decoded);

  @Test
  void everyFieldOfEverySchemaIsUsed() {
    Set<String> used = new TreeSet<>();
    for (Leaf leaf : leaves()) {
      used.add(leaf.schemaPath());
    }
    assertThat(used).containsExactlyInAnyOrderElementsOf(schemas.leaves());
  }

  @Test
  void onlyWhatAsksForTlsIsRefused() {
    assertThat(before.diagnostics)
        .filteredOn(Diagnostic::isError)
        .allMatch(error -> error.message().startsWith("TLS is not supported yet"));
  }

  @Test
  void changingAnyFieldChangesWhatIsServedOrIsReported() {
    Set<String> silent = new TreeSet<>();
    for (Leaf leaf : leaves()) {
      if (!WITHOUT_EFFECT.containsKey(leaf.schemaPath()) && !tells(leaf)) {
        silent.add(leaf.subject() + " " + leaf.path());
      }
    }
    assertThat(silent).as("fields whose change nobody notices").isEmpty();
  }

  @Test
  void whatIsSaidToHaveNoEffectHasNone() {
    for (Leaf leaf : leaves()) {
      if (WITHOUT_EFFECT.containsKey(leaf.schemaPath())) {
        assertThat(changes(leaf)).as(leaf.schemaPath()).isNotEmpty().containsOnly(before);
      }
    }
  }

  @Test
  void everyRouteTableIsUnderstoodByTheRouteMatcher() {
    for (NodeConfig node : before.nodes.values()) {
      assertThat(node.routes())
          .allSatisfy(table -> assertThat(RouteTable.compile(table)).isNotNull());
    }
  }

  private boolean tells(Leaf leaf) {
    return before.speaksOf(leaf) || changes(leaf).anyMatch(after -> !after.equals(before));
  }

  private Stream<Observed> changes(Leaf leaf) {
    return schemas.others(leaf).map(value -> observe(leaf.position, leaf.replacedBy(value)));
  }

  /** What is noticed when one of the objects is another. */
  private Observed observe(int position, Map<String, Object> object) {
    List<Decoded> all = new ArrayList<>(decoded);
    all.set(position, codec.decode(Document.ofObject(object)));
    return observe(all);
  }

  private static Observed observe(List<Decoded> objects) {
    List<Resource> resources = new ArrayList<>();
    Set<ResourceKey> invalid = new HashSet<>();
    List<Diagnostic> diagnostics = new ArrayList<>();
    for (Decoded object : objects) {
      switch (object) {
        case Decoded.Typed typed -> resources.add(typed.resource());
        case Decoded.Invalid(Document wrong, var found) -> {
          invalid.add(new ResourceKey(wrong.kind(), "shop", wrong.name()));
          diagnostics.addAll(found);
        }
        case Decoded.Untyped ignored -> throw new IllegalArgumentException(object.toString());
      }
    }
    Map<String, Map<String, String>> namespaces =
        Map.of("shop", Map.of("mesh", "shop", "stage", "test"));
    CompiledMesh mesh =
        new MeshCompiler().compile(new MeshInput(resources, namespaces, List.of(), invalid));
    diagnostics.addAll(mesh.diagnostics());
    Map<String, PodAssignment> assignments = new TreeMap<>();
    for (Pod pod : PODS) {
      assignments.put(pod.name(), mesh.assign(pod.namespace(), pod.name(), pod.labels()));
    }
    return new Observed(mesh.nodes(), mesh.endpoints(PODS), assignments, diagnostics);
  }

  /** What a user can notice. */
  private record Observed(
      Map<String, NodeConfig> nodes,
      Map<String, ? extends Message> endpoints,
      Map<String, PodAssignment> assignments,
      List<Diagnostic> diagnostics) {

    /** Whether a diagnostic stands at the field or at something that holds it. */
    boolean speaksOf(Leaf leaf) {
      return diagnostics.stream()
          .filter(diagnostic -> diagnostic.path().subject().equals(leaf.subject()))
          .map(diagnostic -> diagnostic.path().toString())
          .anyMatch(path -> leaf.path().equals(path) || leaf.path().startsWith(path + "."));
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Observed that
          && nodes.equals(that.nodes)
          && endpoints.equals(that.endpoints)
          && assignments.equals(that.assignments)
          && sayings().equals(that.sayings());
    }

    @Override
    public int hashCode() {
      return Objects.hash(nodes, endpoints);
    }

    /** The diagnostics without their origins. */
    private Set<String> sayings() {
      return diagnostics.stream()
          .map(d -> d.path().subject() + " " + d.path() + ": " + d.message())
          .collect(Collectors.toSet());
    }
  }

  private static Pod pod(String app, int number) {
    Map<String, String> labels = Map.of("app", app, "version", "v1");
    return new Pod("shop", app, "10.244.0." + number, labels, Map.of(), true);
  }

  private List<Leaf> leaves() {
    List<Leaf> leaves = new ArrayList<>();
    for (int i = 0; i < objects.size(); i++) {
      Map<String, Object> object = objects.get(i);
      collect(i, object, List.of("spec"), object.get("spec"), leaves);
    }
    // Of an object that is refused for its TLS, only the TLS matters.
    leaves.removeIf(leaf -> leaf.subject().contains("/tls-") && !leaf.path().contains(".tls."));
    return leaves;
  }

  private static void collect(
      int position, Map<String, Object> owner, List<Object> steps, Object at, List<Leaf> leaves) {
    switch (at) {
      case Map<?, ?> map when !map.isEmpty() ->
          map.forEach((key, value) -> collect(position, owner, plus(steps, key), value, leaves));
      case List<?> list when !list.isEmpty() -> {
        for (int i = 0; i < list.size(); i++) {
          collect(position, owner, plus(steps, i), list.get(i), leaves);
        }
      }
      default -> leaves.add(new Leaf(position, owner, steps, at));
    }
  }

  private static List<Object> plus(List<Object> steps, Object step) {
    return Stream.concat(steps.stream(), Stream.of(step)).toList();
  }

  /** A value in one of the objects. */
  private record Leaf(int position, Map<String, Object> owner, List<Object> steps, Object value) {

    /** Stands for no value: the field is taken away, and with it a list that has no other item. */
    static final Object ABSENT = List.of();

    String kind() {
      return String.valueOf(owner.get("kind"));
    }

    /** The object as diagnostics call it. */
    String subject() {
      Map<?, ?> metadata = asObject(owner.get("metadata"));
      Object namespace = metadata.get("namespace");
      return kind() + " " + (namespace == null ? "" : namespace + "/") + metadata.get("name");
    }

    String path() {
      return steps.stream()
          .map(step -> step instanceof Integer index ? "[" + index + "]" : "." + step)
          .collect(Collectors.joining())
          .substring(1);
    }

    /** The same for every item of a list, and for every label. */
    String schemaPath() {
      return kind()
          + " "
          + path().replaceAll("\\[[0-9]+]", "[]").replaceAll("matchLabels\\..*", "matchLabels.*");
    }

    Map<String, Object> replacedBy(Object other) {
      return asObject(replaced(owner, 0, other));
    }

    private Object replaced(Object at, int depth, Object other) {
      if (depth == steps.size()) {
        return other;
      }
      Object step = steps.get(depth);
      if (at instanceof List<?> list) {
        List<Object> copy = new ArrayList<>(list);
        Object item = replaced(list.get((Integer) step), depth + 1, other);
        copy.set((Integer) step, item);
        copy.removeIf(ABSENT::equals);
        return copy;
      }
      Map<String, Object> copy = new LinkedHashMap<>(asObject(at));
      copy.put((String) step, replaced(copy.get(step), depth + 1, other));
      copy.values().removeIf(ABSENT::equals);
      return copy;
    }
  }

  /** What the kinds' schemas allow. */
  private record Schemas(Map<String, Map<String, Object>> byLeaf) {

    Schemas(List<? extends Map<String, ?>> definitions) {
      this(new TreeMap<>());
      for (Map<String, ?> definition : definitions) {
        Map<String, Object> spec = asObject(definition.get("spec"));
        Object version = ((List<?>) spec.get("versions")).getFirst();
        Map<String, Object> root =
            asObject(asObject(asObject(version).get("schema")).get("openAPIV3Schema"));
        Object kind = asObject(spec.get("names")).get("kind");
        collect(kind + " spec", asObject(asObject(root.get("properties")).get("spec")));
      }
    }

    private void collect(String path, Map<String, Object> schema) {
      if (schema.get("properties") instanceof Map<?, ?> members) {
        members.forEach((name, below) -> collect(path + "." + name, asObject(below)));
      } else if (schema.get("additionalProperties") instanceof Map<?, ?> values) {
        collect(path + ".*", asObject(values));
      } else if (schema.get("items") instanceof Map<?, ?> items) {
        collect(path + "[]", asObject(items));
      } else {
        byLeaf.put(path, schema);
      }
    }

    Set<String> leaves() {
      return byLeaf.keySet();
    }

    /** Other values for a field, most of them allowed. */
    Stream<Object> others(Leaf leaf) {
      Map<String, Object> schema = byLeaf.getOrDefault(leaf.schemaPath(), Map.of());
      Stream<Object> others =
          switch (leaf.value) {
            case Boolean truth -> Stream.of(!truth);
            case Long number -> Stream.of(number + 1, number - 1, 0L, 1000L);
            case String ignored when schema.get("enum") instanceof List<?> all ->
                all.size() == 1 ? Stream.of(Leaf.ABSENT) : all.stream().map(Object.class::cast);
            case String text when text.matches("[0-9]+") ->
                Stream.of(String.valueOf(Long.parseLong(text) + 1));
            case String text -> Stream.of(text + "x", text + "/", "x" + text);
            default -> throw new IllegalArgumentException(leaf + " has no value");
          };
      return others.filter(Predicate.not(leaf.value::equals));
    }
  }

  private static List<Map<String, Object>> everyField() {
    try (InputStream in = EveryFieldTest.class.getResourceAsStream("/every-field.yaml")) {
      String text = new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
      return new ManifestReader()
          .read("every-field.yaml", text).stream()
              .map(document -> document.root().plain())
              .toList();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> asObject(Object value) {
    return (Map<String, Object>) value;
  }
}
