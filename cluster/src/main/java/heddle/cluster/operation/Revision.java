package heddle.cluster.operation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import heddle.cluster.object.ApiException;
import heddle.cluster.object.Metadata;
import heddle.cluster.type.Served;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What an update may touch: the part of the object that its path names, and no fixed metadata. */
final class Revision {
  private static final List<String> FIXED =
      List.of(
          "name",
          "namespace",
          "uid",
          "creationTimestamp",
          "deletionTimestamp",
          "deletionGracePeriodSeconds",
          "generation",
          "selfLink",
          "resourceVersion");

  private Revision() {}

  /**
   * Checks the preconditions that the desired state carries, and brings everything that this write
   * cannot change back to the stored state.
   */
  static void confine(Served served, String subresource, ObjectNode desired, ObjectNode old) {
    preconditions(served, desired, old);
    if (subresource.equals("status")) {
      confineStatus(served, desired, old);
    } else if (served.definition().status()) {
      copy("status", old, desired);
    }
    if (served.resource().equals("namespaces") && subresource.isEmpty()) {
      copy("spec", old, desired);
    }
    ObjectNode metadata = Metadata.of(desired);
    ObjectNode before = Metadata.of(old);
    for (String field : FIXED) {
      copy(field, before, metadata);
    }
    finalizers(served, desired, old);
  }

  private static void preconditions(Served served, ObjectNode desired, ObjectNode old) {
    String name = Metadata.name(old);
    String version = Metadata.resourceVersion(desired);
    if (!version.isEmpty() && !version.equals(Metadata.resourceVersion(old))) {
      throw Errors.modified(served.type(), name);
    }
    String uid = Metadata.uid(desired);
    if (!uid.isEmpty() && !uid.equals(Metadata.uid(old))) {
      throw Errors.conflict(
          served.type(),
          name,
          "Precondition failed: UID in precondition: %s, UID in object meta: %s"
              .formatted(uid, Metadata.uid(old)));
    }
    if (!Metadata.name(desired).isEmpty() && !Metadata.name(desired).equals(name)) {
      throw ApiException.badRequest(
          "the name of the object (%s) does not match the name on the URL (%s)"
              .formatted(Metadata.name(desired), name));
    }
    String namespace = Metadata.namespace(desired);
    if (!namespace.isEmpty() && !namespace.equals(Metadata.namespace(old))) {
      throw ApiException.badRequest(
          "the namespace of the provided object does not match the namespace sent on the request");
    }
  }

  private static void confineStatus(Served served, ObjectNode desired, ObjectNode old) {
    JsonNode status = desired.get("status");
    JsonNode managed = Metadata.of(desired).get("managedFields");
    ObjectNode metadata = Metadata.of(desired).deepCopy();
    desired.removeAll();
    desired.setAll(old.deepCopy());
    if (status == null) {
      desired.remove("status");
    } else {
      desired.set("status", status);
    }
    ObjectNode kept = Metadata.of(desired);
    if (!served.definition().custom()) {
      for (String field : List.of("labels", "annotations", "finalizers")) {
        copy(field, metadata, kept);
      }
    }
    if (managed != null) {
      kept.set("managedFields", managed);
    }
  }

  private static void finalizers(Served served, ObjectNode desired, ObjectNode old) {
    if (!Metadata.deleting(old)) {
      return;
    }
    Set<String> added = new HashSet<>(Metadata.finalizers(desired));
    Metadata.finalizers(old).forEach(added::remove);
    if (!added.isEmpty()) {
      throw Errors.invalid(
          served.type(),
          Metadata.name(old),
          "metadata.finalizers",
          "Forbidden: no new finalizers can be added if the object is being deleted, found new"
              + " finalizers "
              + added);
    }
  }

  /** Counts a change of the desired state. */
  static void count(Served served, ObjectNode desired, ObjectNode old) {
    if (served.definition().generation() && !intent(served, desired).equals(intent(served, old))) {
      Metadata.of(desired).put("generation", Metadata.generation(old) + 1);
    }
  }

  private static ObjectNode intent(Served served, ObjectNode object) {
    ObjectNode intent = object.objectNode();
    object
        .properties()
        .forEach(
            entry -> {
              boolean status = entry.getKey().equals("status") && served.definition().status();
              if (!entry.getKey().equals("metadata") && !status) {
                intent.set(entry.getKey(), entry.getValue());
              }
            });
    return intent;
  }

  private static void copy(String field, ObjectNode from, ObjectNode to) {
    JsonNode value = from.get(field);
    if (value == null) {
      to.remove(field);
    } else {
      to.set(field, value.deepCopy());
    }
  }
}
