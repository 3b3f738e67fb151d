package heddle.resource.appmesh;

/** The mesh that an object was found to belong to when it was created. */
public record MeshRef(String name, String uid) {
  static MeshRef of(Fields fields) {
    return new MeshRef(fields.text("name"), fields.text("uid"));
  }
}
