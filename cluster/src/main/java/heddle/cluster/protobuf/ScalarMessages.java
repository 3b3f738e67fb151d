package heddle.cluster.protobuf;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Message;
import heddle.cluster.object.ApiException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;

/** Messages that JSON writes as one value: times, quantities, integers that may be strings. */
final class ScalarMessages {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final DateTimeFormatter MICROS =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

  private final ObjectMapper mapper = new ObjectMapper();

  /** How JSON writes a message. */
  enum Form {
    STRUCT,
    TIME,
    MICRO_TIME,
    DURATION,
    QUANTITY,
    INT_OR_STRING,
    RAW_JSON,
    LIST,
    SCHEMA_OR_BOOL,
    SCHEMA_OR_ARRAY,
    SCHEMA_OR_STRINGS
  }

  static Form form(Descriptor type) {
    return switch (type.getName()) {
      case "Time" -> Form.TIME;
      case "MicroTime" -> Form.MICRO_TIME;
      case "Duration" -> Form.DURATION;
      case "Quantity" -> Form.QUANTITY;
      case "IntOrString" -> Form.INT_OR_STRING;
      case "FieldsV1", "RawExtension", "JSON" -> Form.RAW_JSON;
      case "Verbs", "ExtraValue" -> Form.LIST;
      case "JSONSchemaPropsOrBool" -> Form.SCHEMA_OR_BOOL;
      case "JSONSchemaPropsOrArray" -> Form.SCHEMA_OR_ARRAY;
      case "JSONSchemaPropsOrStringArray" -> Form.SCHEMA_OR_STRINGS;
      default -> Form.STRUCT;
    };
  }

  /** The value, or null when the message stands for an absent one. */
  @Nullable JsonNode read(Form form, Message message, MessageReader nested) {
    return switch (form) {
      case TIME -> empty(message) ? null : JSON.textNode(instant(message).toString());
      case MICRO_TIME -> empty(message) ? null : JSON.textNode(MICROS.format(instant(message)));
      case DURATION -> JSON.textNode(duration(number(message, "duration")));
      case QUANTITY -> {
        String text = text(message, "string");
        yield JSON.textNode(text.isEmpty() ? "0" : text);
      }
      case INT_OR_STRING ->
          number(message, "type") == 0
              ? TreeReader.integer(number(message, "intVal"))
              : JSON.textNode(text(message, "strVal"));
      case RAW_JSON -> raw(message);
      case LIST -> nested.list(message, "items");
      case SCHEMA_OR_BOOL ->
          nested.has(message, "schema")
              ? nested.message(message, "schema")
              : JSON.booleanNode(Boolean.TRUE.equals(value(message, "allows")));
      case SCHEMA_OR_ARRAY ->
          nested.has(message, "schema")
              ? nested.message(message, "schema")
              : nested.list(message, "jSONSchemas");
      case SCHEMA_OR_STRINGS ->
          nested.has(message, "schema")
              ? nested.message(message, "schema")
              : nested.list(message, "property");
      case STRUCT -> throw new IllegalArgumentException("a struct is not one value");
    };
  }

  /** What JSON trees come out of nested messages. */
  interface MessageReader {
    boolean has(Message message, String field);

    JsonNode message(Message message, String field);

    ArrayNode list(Message message, String field);
  }

  private @Nullable JsonNode raw(Message message) {
    var field = message.getDescriptorForType().getFields().getFirst();
    ByteString bytes = (ByteString) message.getField(field);
    if (bytes.isEmpty()) {
      return null;
    }
    try {
      return mapper.readTree(bytes.toByteArray());
    } catch (JsonProcessingException e) {
      throw ApiException.badRequest("embedded JSON is malformed: " + e.getOriginalMessage());
    } catch (IOException e) {
      throw ApiException.badRequest("embedded JSON cannot be read: " + e.getMessage());
    }
  }

  private static boolean empty(Message message) {
    return message.getAllFields().isEmpty();
  }

  private static Instant instant(Message message) {
    try {
      return Instant.ofEpochSecond(number(message, "seconds"), number(message, "nanos"));
    } catch (java.time.DateTimeException | ArithmeticException e) {
      throw ApiException.badRequest("a time is out of range: " + number(message, "seconds"));
    }
  }

  /** As Go writes durations: {@code 1h0m0s}, {@code 1.5s}, {@code 20ms}. */
  static String duration(long nanos) {
    if (nanos == 0) {
      return "0s";
    }
    if (Math.abs(nanos) < 1_000_000_000L) {
      return Math.abs(nanos) < 1_000
          ? nanos + "ns"
          : Math.abs(nanos) < 1_000_000
              ? decimal(nanos, 1_000) + "µs"
              : decimal(nanos, 1_000_000) + "ms";
    }
    Duration value = Duration.ofNanos(Math.abs(nanos));
    String seconds =
        decimal(value.toSecondsPart() * 1_000_000_000L + value.getNano(), 1_000_000_000) + "s";
    String minutes = value.toMinutes() > 0 ? value.toMinutesPart() + "m" + seconds : seconds;
    String hours = value.toHours() > 0 ? value.toHours() + "h" + minutes : minutes;
    return nanos < 0 ? "-" + hours : hours;
  }

  private static String decimal(long nanos, long unit) {
    return java.math.BigDecimal.valueOf(nanos)
        .divide(java.math.BigDecimal.valueOf(unit))
        .stripTrailingZeros()
        .toPlainString();
  }

  private static Object value(Message message, String field) {
    return message.getField(message.getDescriptorForType().findFieldByName(field));
  }

  private static long number(Message message, String field) {
    return ((Number) value(message, field)).longValue();
  }

  private static String text(Message message, String field) {
    return (String) value(message, field);
  }
}
