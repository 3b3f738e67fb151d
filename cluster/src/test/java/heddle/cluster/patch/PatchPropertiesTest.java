package heddle.cluster.patch;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import heddle.cluster.patch.ManagedFields.Writer;
import heddle.cluster.schema.Schema;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** What must hold for every patch, whatever the objects. */
class PatchPropertiesTest {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  /** {@code items} merge by {@code name}, {@code tags} are a set, all else is plain. */
  private static final Schema SCHEMA = Schema.of(schema());

  private static ObjectNode schema() {
    ObjectNode root = JSON.objectNode().put("type", "object");
    ObjectNode items = root.withObject("/properties/items").put("type", "array");
    items.put("x-kubernetes-list-type", "map").putArray("x-kubernetes-list-map-keys").add("name");
    items.put("x-kubernetes-patch-strategy", "merge").put("x-kubernetes-patch-merge-key", "name");
    items.putObject("items").put("type", "object");
    ObjectNode tags = root.withObject("/properties/tags").put("type", "array");
    tags.put("x-kubernetes-list-type", "set").put("x-kubernetes-patch-strategy", "merge");
    return root;
  }

  @Provide
  Arbitrary<ObjectNode> objects() {
    Arbitrary<String> names = Arbitraries.of("a", "b", "c", "d");
    Arbitrary<Map<String, Integer>> plain =
        Arbitraries.maps(names, Arbitraries.integers().between(0, 3)).ofMaxSize(3);
    Arbitrary<Map<String, Integer>> items =
        Arbitraries.maps(names, Arbitraries.integers().between(0, 3)).ofMaxSize(4);
    Arbitrary<List<String>> tags = names.list().uniqueElements().ofMaxSize(3);
    return net.jqwik.api.Combinators.combine(plain, items, tags).as(PatchPropertiesTest::object);
  }

  private static ObjectNode object(
      Map<String, Integer> plain, Map<String, Integer> items, List<String> tags) {
    ObjectNode object = JSON.objectNode();
    ObjectNode spec = JSON.objectNode();
    plain.forEach(spec::put);
    if (!spec.isEmpty()) {
      object.set("spec", spec);
    }
    if (!items.isEmpty()) {
      ArrayNode list = object.putArray("items");
      items.forEach((name, value) -> list.addObject().put("name", name).put("value", value));
    }
    if (!tags.isEmpty()) {
      ArrayNode list = object.putArray("tags");
      tags.forEach(list::add);
    }
    return object;
  }

  private static ObjectNode owned(ObjectNode object) {
    ObjectNode copy = object.deepCopy();
    copy.remove("metadata");
    return copy;
  }

  private static ObjectNode apply(ObjectNode live, ObjectNode applied, String manager) {
    Writer writer = new Writer(manager, "v1", "", "2026-01-01T00:00:00Z");
    return new ServerSideApply(SCHEMA, writer, true).apply(live, applied);
  }

  @Property(tries = 200)
  void aMergePatchAppliedTwiceIsTheSameAsOnce(
      @ForAll("objects") ObjectNode target, @ForAll("objects") ObjectNode patch) {
    JsonNode once = MergePatch.apply(target, patch);
    assertThat(MergePatch.apply(once, patch)).isEqualTo(once);
  }

  @Property(tries = 200)
  void aStrategicMergeWithItselfChangesNothing(@ForAll("objects") ObjectNode target) {
    assertThat(StrategicMerge.apply(target, target, SCHEMA)).isEqualTo(target);
  }

  @Property(tries = 200)
  void aStrategicMergeKeepsEveryItemOnceAndNoDirective(
      @ForAll("objects") ObjectNode target, @ForAll("objects") ObjectNode patch) {
    ObjectNode directed = patch.deepCopy();
    if (directed.get("items") instanceof ArrayNode list) {
      ArrayNode order = directed.putArray("$setElementOrder/items");
      list.forEach(item -> order.addObject().set("name", item.get("name")));
    }
    ObjectNode merged = StrategicMerge.apply(target, directed, SCHEMA);
    assertThat(merged.toString()).doesNotContain("$");
    List<String> names = merged.path("items").findValuesAsText("name");
    assertThat(names).doesNotHaveDuplicates();
    assertThat(names).containsAll(target.path("items").findValuesAsText("name"));
    assertThat(names).containsAll(patch.path("items").findValuesAsText("name"));
  }

  @Property(tries = 200)
  void applyingTheSameTwiceChangesNothing(
      @ForAll("objects") ObjectNode first, @ForAll("objects") ObjectNode second) {
    ObjectNode live = apply(apply(JSON.objectNode(), first, "one"), second, "two");
    assertThat(apply(live, second, "two")).isEqualTo(live);
  }

  @Property(tries = 200)
  void aSoleApplierGetsExactlyWhatItAppliesLast(
      @ForAll("objects") ObjectNode first, @ForAll("objects") ObjectNode last) {
    ObjectNode live = apply(apply(JSON.objectNode(), first, "one"), last, "one");
    assertThat(sorted(owned(live))).isEqualTo(sorted(last));
  }

  @Property(tries = 200)
  void whatAnApplierDropsStaysWhereAnotherAppliesItToo(
      @ForAll("objects") ObjectNode first, @ForAll("objects") ObjectNode other) {
    ObjectNode live = apply(apply(JSON.objectNode(), first, "one"), other, "two");
    ObjectNode left = apply(live, JSON.objectNode(), "one");
    assertThat(sorted(owned(left))).isEqualTo(sorted(other));
  }

  /** Lists whose order means nothing, in one order. */
  private static ObjectNode sorted(ObjectNode object) {
    ObjectNode copy = object.deepCopy();
    for (String field : List.of("items", "tags")) {
      if (copy.get(field) instanceof ArrayNode list) {
        List<JsonNode> values = new java.util.ArrayList<>();
        list.forEach(values::add);
        values.sort(java.util.Comparator.comparing(JsonNode::toString));
        ArrayNode array = copy.putArray(field);
        values.forEach(array::add);
      }
    }
    return copy;
  }
}
