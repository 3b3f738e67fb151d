package heddle.cluster.protobuf;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import heddle.cluster.protobuf.ScalarMessages.Form;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a field may hold in JSON, derived from the published descriptors: enough to find unknown
 * fields and to write OpenAPI documents. Structs are followed lazily, because some contain
 * themselves.
 */
public sealed interface Shape {

  /** An object with known fields. */
  final class Struct implements Shape {
    private final Descriptor descriptor;

    Struct(Descriptor descriptor) {
      this.descriptor = descriptor;
    }

    /** The full protobuf name, such as {@code k8s.io.api.core.v1.PodSpec}. */
    public String name() {
      return descriptor.getFullName();
    }

    /**
     * The fields by their JSON names, in the order of their declaration. For a kind itself {@code
     * apiVersion} and {@code kind} come in addition.
     */
    public Map<String, Shape> fields() {
      var fields = new LinkedHashMap<String, Shape>();
      collect(descriptor, fields);
      return fields;
    }

    private static void collect(Descriptor type, Map<String, Shape> fields) {
      for (FieldDescriptor field : type.getFields()) {
        if (FieldNames.inlined(field)) {
          collect(field.getMessageType(), fields);
        } else {
          fields.put(FieldNames.json(field), of(field));
        }
      }
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Struct struct && struct.descriptor.equals(descriptor);
    }

    @Override
    public int hashCode() {
      return descriptor.hashCode();
    }

    @Override
    public String toString() {
      return name();
    }
  }

  /** An array. */
  record ListOf(Shape element) implements Shape {}

  /** An object whose keys are data. */
  record MapOf(Shape value) implements Shape {}

  /** Any JSON at all. */
  record Anything() implements Shape {}

  /**
   * One value.
   *
   * @param type as OpenAPI names it: string, integer, number, boolean
   * @param format such as int32, int64, double, byte, date-time, int-or-string; empty without one
   */
  record Scalar(String type, String format) implements Shape {}

  private static Shape of(FieldDescriptor field) {
    if (field.isMapField()) {
      return new MapOf(element(field.getMessageType().findFieldByNumber(2)));
    }
    return field.isRepeated() ? new ListOf(element(field)) : element(field);
  }

  private static Shape element(FieldDescriptor field) {
    return switch (field.getJavaType()) {
      case STRING -> new Scalar("string", "");
      case INT -> new Scalar("integer", "int32");
      case LONG -> new Scalar("integer", "int64");
      case BOOLEAN -> new Scalar("boolean", "");
      case DOUBLE, FLOAT -> new Scalar("number", "double");
      case BYTE_STRING -> new Scalar("string", "byte");
      case ENUM -> new Scalar("string", "");
      case MESSAGE -> message(field.getMessageType());
    };
  }

  private static Shape message(Descriptor type) {
    Form form = ScalarMessages.form(type);
    return switch (form) {
      case STRUCT -> new Struct(type);
      case TIME, MICRO_TIME -> new Scalar("string", "date-time");
      case DURATION, QUANTITY -> new Scalar("string", "");
      case INT_OR_STRING -> new Scalar("string", "int-or-string");
      case LIST -> new ListOf(new Scalar("string", ""));
      case RAW_JSON, SCHEMA_OR_BOOL, SCHEMA_OR_ARRAY, SCHEMA_OR_STRINGS -> new Anything();
    };
  }
}
