package heddle.resource.appmesh;

import org.jspecify.annotations.Nullable;

/** How one object names another. */
public sealed interface Reference {

  /**
   * By Kubernetes name.
   *
   * @param namespace null for the referring object's own
   */
  record ByName(@Nullable String namespace, String name) implements Reference {
    /** The namespace, given the one of the referring object. */
    public String namespaceOr(String own) {
      return namespace == null || namespace.isEmpty() ? own : namespace;
    }
  }

  /** By ARN. */
  record ByArn(String arn) implements Reference {
    /** What stands behind the last slash: the name in App Mesh. */
    public String awsName() {
      return arn.substring(arn.lastIndexOf('/') + 1);
    }
  }

  /** Reads {@code <kind>Ref} or {@code <kind>ARN}; exactly one of them is there. */
  static Reference of(Fields fields, String kind) {
    ByName name = fields.objectOrNull(kind + "Ref", Reference::byName);
    return name != null ? name : new ByArn(fields.text(kind + "ARN"));
  }

  static ByName byName(Fields fields) {
    return new ByName(fields.nonEmpty("namespace"), fields.text("name"));
  }
}
