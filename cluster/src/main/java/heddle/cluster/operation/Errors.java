package heddle.cluster.operation;

import heddle.cluster.object.ApiException;
import heddle.cluster.object.ApiException.Cause;
import heddle.cluster.object.ResourceType;
import java.util.List;

/** Failures in Kubernetes' wording. */
final class Errors {

  private Errors() {}

  static ApiException conflict(ResourceType type, String name, String detail) {
    return new ApiException(
        409,
        "Conflict",
        "Operation cannot be fulfilled on %s \"%s\": %s"
            .formatted(type.qualifiedPlural(), name, detail));
  }

  static ApiException modified(ResourceType type, String name) {
    return conflict(
        type,
        name,
        "the object has been modified; please apply your changes to the latest version and try"
            + " again");
  }

  static ApiException forbidden(ResourceType type, String name, String why) {
    return new ApiException(
        403,
        "Forbidden",
        "%s \"%s\" is forbidden: %s".formatted(type.qualifiedPlural(), name, why),
        List.of(),
        name);
  }

  static ApiException exists(ResourceType type, String name) {
    return new ApiException(
        409,
        "AlreadyExists",
        "%s \"%s\" already exists".formatted(type.qualifiedPlural(), name),
        List.of(),
        name);
  }

  static ApiException invalid(ResourceType type, String name, String field, String message) {
    String kind = type.group().isEmpty() ? type.kind() : type.kind() + "." + type.group();
    return new ApiException(
        422,
        "Invalid",
        "%s \"%s\" is invalid: %s: %s".formatted(kind, name, field, message),
        List.of(new Cause("FieldValueInvalid", field, message)),
        name);
  }

  static ApiException terminating(ResourceType type, String name, String namespace) {
    String message =
        ("%s \"%s\" is forbidden: unable to create new content in namespace %s because it is being"
                + " terminated")
            .formatted(type.qualifiedPlural(), name, namespace);
    return new ApiException(
        403,
        "Forbidden",
        message,
        List.of(
            new Cause(
                "NamespaceTerminating",
                "metadata.namespace",
                "namespace " + namespace + " is being terminated")));
  }
}
