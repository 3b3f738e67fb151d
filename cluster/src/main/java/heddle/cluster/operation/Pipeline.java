package heddle.cluster.operation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import heddle.cluster.admission.Admission;
import heddle.cluster.object.ApiException;
import heddle.cluster.object.Metadata;
import heddle.cluster.operation.Call.FieldValidation;
import heddle.cluster.schema.Pruning;
import heddle.cluster.schema.Validation;
import heddle.cluster.type.FieldSupport;
import heddle.cluster.type.Names;
import heddle.cluster.type.Problems;
import heddle.cluster.type.Served;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The steps of a write between its body and the store, in order. */
final class Pipeline {
  private final Admission admission;

  Pipeline(Admission admission) {
    this.admission = admission;
  }

  /** Checks that a body is of this version, and drops what means nothing. The result is a copy. */
  ObjectNode decode(Served served, ObjectNode body) {
    ObjectNode object = body.deepCopy();
    expect("apiVersion", served.type().apiVersion(), object);
    expect("kind", served.type().kind(), object);
    if (!served.definition().custom()) {
      dropNulls(object);
    } else {
      dropNulls(Metadata.of(object));
    }
    for (String map : new String[] {"labels", "annotations"}) {
      if (Metadata.of(object).path(map).isEmpty()) {
        Metadata.of(object).remove(map);
      }
    }
    return object;
  }

  /** Drops, reports or refuses fields that the kind does not have; checks and fills the rest. */
  void shape(Call call, Served served, ObjectNode object) {
    List<String> unknown = Pruning.prune(object, served.schema());
    if (!unknown.isEmpty() && call.fieldValidation() != FieldValidation.IGNORE) {
      List<String> texts = unknown.stream().map(path -> "unknown field \"" + path + '"').toList();
      if (call.fieldValidation() == FieldValidation.STRICT) {
        throw ApiException.badRequest(
            unreadable(served) + "strict decoding error: " + String.join(", ", texts));
      }
      texts.forEach(call.warnings());
    }
    if (!served.definition().custom()) {
      List<ApiException.Cause> wrong = Validation.check(object, served.schema());
      if (!wrong.isEmpty()) {
        ApiException.Cause first = wrong.get(0);
        throw ApiException.badRequest(unreadable(served) + first.field() + ": " + first.message());
      }
    }
  }

  /** Warns about fields without effect here, and refuses those that would be missed. */
  void support(Call call, Served served, ObjectNode object, @Nullable ObjectNode old) {
    Problems problems = new Problems();
    FieldSupport.check(served.resource(), object, old, problems, call.warnings());
    problems.check(served.type(), Metadata.name(object));
    if (served.resource().equals("customresourcedefinitions.apiextensions.k8s.io")
        && !object.findValues("x-kubernetes-validations").isEmpty()) {
      call.warnings()
          .accept("x-kubernetes-validations are not evaluated: values are checked by schema alone");
    }
  }

  private static String unreadable(Served served) {
    String kind = served.type().kind();
    return "%s in version \"%s\" cannot be handled as a %s: "
        .formatted(kind, served.type().version(), kind);
  }

  private static void expect(String field, String expected, ObjectNode object) {
    String actual = object.path(field).asText("");
    if (!actual.isEmpty() && !actual.equals(expected)) {
      throw ApiException.badRequest(
          "the object's %s (%s) does not match what the URL names (expected %s)"
              .formatted(field, actual, expected));
    }
  }

  private static void dropNulls(JsonNode node) {
    switch (node) {
      case ObjectNode object -> {
        object.removeIf(JsonNode::isNull);
        object.forEach(Pipeline::dropNulls);
      }
      case ArrayNode array -> array.forEach(Pipeline::dropNulls);
      default -> {}
    }
  }

  /** Defaults, then mutating admission, then defaults for what admission added. */
  ObjectNode admit(
      Call call,
      Served served,
      String operation,
      String subresource,
      ObjectNode object,
      @Nullable ObjectNode old) {
    defaults(served, object);
    Admission.Outcome outcome =
        admission.mutate(request(call, served, operation, subresource, object, old));
    outcome.warnings().forEach(call.warnings());
    ObjectNode mutated = outcome.object() == null ? object : outcome.object();
    if (mutated != object) {
      shape(Call.system(call.manager()), served, mutated);
      defaults(served, mutated);
    }
    return mutated;
  }

  private static void defaults(Served served, ObjectNode object) {
    if (served.definition().custom()) {
      Pruning.fill(object, served.schema());
    }
    served.definition().rules().defaults(object);
  }

  /** Validation, then validating admission. */
  void check(
      Call call,
      Served served,
      String operation,
      String subresource,
      ObjectNode object,
      @Nullable ObjectNode old) {
    Problems problems = new Problems();
    String name = Metadata.name(object);
    if (old == null) {
      Names.validate(served.definition().type().group(), served.type().kind(), name, problems);
    }
    Metadata.labels(object)
        .forEach((key, value) -> Names.validateLabel("metadata.labels", key, value, problems));
    served.definition().rules().validate(object, old, problems);
    if (served.definition().custom()) {
      problems.addAll(Validation.check(object, served.schema()));
    }
    problems.check(served.type(), name);
    admission
        .validate(request(call, served, operation, subresource, object.deepCopy(), old))
        .forEach(call.warnings());
  }

  /** Admission of a deletion. */
  void checkDelete(Call call, Served served, ObjectNode old) {
    Admission.Request request = request(call, served, "DELETE", "", null, old);
    admission.mutate(request).warnings().forEach(call.warnings());
    admission.validate(request).forEach(call.warnings());
  }

  private static Admission.Request request(
      Call call,
      Served served,
      String operation,
      String subresource,
      @Nullable ObjectNode object,
      @Nullable ObjectNode old) {
    ObjectNode known = object == null ? old : object;
    return new Admission.Request(
        operation,
        served.definition().type(),
        subresource,
        known == null ? "" : Metadata.namespace(known),
        known == null ? "" : Metadata.name(known),
        object,
        old == null ? null : old.deepCopy(),
        call.user(),
        call.dryRun());
  }
}
