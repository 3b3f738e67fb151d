package heddle.cluster.protobuf;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import heddle.cluster.protobuf.ScalarMessages.Form;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Turns a parsed message into the tree that JSON would have given. */
final class TreeReader implements ScalarMessages.MessageReader {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private final ScalarMessages scalars = new ScalarMessages();

  ObjectNode struct(Message message) {
    ObjectNode tree = JSON.objectNode();
    fields(message, tree);
    return tree;
  }

  private void fields(Message message, ObjectNode tree) {
    message.getAllFields().forEach((field, value) -> field(field, value, tree));
  }

  private void field(FieldDescriptor field, Object value, ObjectNode tree) {
    if (field.isMapField()) {
      map(field, (List<?>) value, tree);
    } else if (field.isRepeated()) {
      ArrayNode array = tree.putArray(FieldNames.json(field));
      ((List<?>) value).forEach(element -> add(array, value(element)));
    } else if (FieldNames.inlined(field)) {
      fields((Message) value, tree);
    } else if (!FieldNames.absent(field, value)) {
      JsonNode node = value(value);
      if (node != null) {
        tree.set(FieldNames.json(field), node);
      }
    }
  }

  private void map(FieldDescriptor field, List<?> entries, ObjectNode tree) {
    ObjectNode map = tree.putObject(FieldNames.json(field));
    for (Object element : entries) {
      Message entry = (Message) element;
      var type = entry.getDescriptorForType();
      String key = String.valueOf(entry.getField(type.findFieldByNumber(1)));
      JsonNode value = value(entry.getField(type.findFieldByNumber(2)));
      map.set(key, value == null ? JSON.nullNode() : value);
    }
  }

  private @Nullable JsonNode value(Object value) {
    return switch (value) {
      case String text -> JSON.textNode(text);
      case Integer number -> JSON.numberNode(number);
      case Long number -> integer(number);
      case Boolean flag -> JSON.booleanNode(flag);
      case Double number -> JSON.numberNode(number);
      case ByteString bytes ->
          JSON.textNode(Base64.getEncoder().encodeToString(bytes.toByteArray()));
      case Message message -> {
        Form form = ScalarMessages.form(message.getDescriptorForType());
        yield form == Form.STRUCT ? struct(message) : scalars.read(form, message, this);
      }
      default ->
          throw new IllegalStateException(
              "a protobuf value of " + value.getClass() + ", which no Kubernetes kind has");
    };
  }

  /** Of the type that Jackson's parser gives the same digits: trees of equal objects are equal. */
  static JsonNode integer(long number) {
    return number == (int) number ? JSON.numberNode((int) number) : JSON.numberNode(number);
  }

  private static void add(ArrayNode array, @Nullable JsonNode value) {
    array.add(value == null ? JSON.nullNode() : value);
  }

  @Override
  public boolean has(Message message, String field) {
    return message.hasField(message.getDescriptorForType().findFieldByName(field));
  }

  @Override
  public JsonNode message(Message message, String field) {
    return struct(
        (Message) message.getField(message.getDescriptorForType().findFieldByName(field)));
  }

  @Override
  public ArrayNode list(Message message, String field) {
    ArrayNode array = JSON.arrayNode();
    var descriptor = message.getDescriptorForType().findFieldByName(field);
    ((List<?>) message.getField(descriptor)).forEach(element -> add(array, value(element)));
    return array;
  }
}
