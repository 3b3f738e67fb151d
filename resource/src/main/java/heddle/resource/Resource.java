package heddle.resource;

import heddle.manifest.Document;
import heddle.manifest.FieldPath;

/** A typed, valid object of one of the dialects. Immutable. */
public interface Resource {

  /** Without the API group. */
  String kind();

  ObjectMeta meta();

  /** What it was decoded from; has the place of every field. */
  Document source();

  default ResourceKey key() {
    return new ResourceKey(kind(), meta().namespace(), meta().name());
  }

  /** The root of the paths of this object's fields. */
  default FieldPath path() {
    return FieldPath.of(kind(), meta().namespace(), meta().name());
  }
}
