package heddle.manifest;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;

/** Writes nodes as JSON. */
final class JsonText {

  private JsonText() {}

  static String write(Node node) {
    StringWriter text = new StringWriter();
    try (JsonGenerator out = new JsonFactory().createGenerator(text)) {
      write(node, out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }

  private static void write(Node node, JsonGenerator out) throws IOException {
    switch (node) {
      case Node.Mapping map -> {
        out.writeStartObject();
        for (Node.Entry entry : map.entries()) {
          out.writeFieldName(entry.key());
          write(entry.value(), out);
        }
        out.writeEndObject();
      }
      case Node.Sequence list -> {
        out.writeStartArray();
        for (Node item : list.items()) {
          write(item, out);
        }
        out.writeEndArray();
      }
      case Node.Text text -> out.writeString(text.value());
      case Node.Whole whole -> out.writeNumber(whole.value());
      case Node.Decimal number -> out.writeNumber(number.value());
      case Node.Truth truth -> out.writeBoolean(truth.value());
      case Node.Nothing ignored -> out.writeNull();
    }
  }
}
