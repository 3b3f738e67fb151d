package heddle.proxy.applier;

import com.google.protobuf.Any;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Finds what the embedded proxy does not support in an xDS message: every field that is set and is
 * not listed in {@code supported-fields.txt}.
 */
public final class SupportedFields {
  private static final String TABLE = "supported-fields.txt";

  private final Map<String, Set<String>> fields = new HashMap<>();
  private final AnyTypes types = new AnyTypes();

  /** Reads the table. */
  public SupportedFields() {
    try (InputStream stream = SupportedFields.class.getResourceAsStream(TABLE)) {
      if (stream == null) {
        throw new IllegalStateException("resource " + TABLE + " is missing from the proxy's jar");
      }
      var lines = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8));
      lines.lines().map(String::strip).forEach(this::line);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void line(String line) {
    if (line.isEmpty() || line.startsWith("#")) {
      return;
    }
    int colon = line.indexOf(':');
    String names = line.substring(colon + 1).strip();
    fields.put(line.substring(0, colon), names.isEmpty() ? Set.of() : Set.of(names.split(" +")));
  }

  /** The paths of all fields that are set and not supported; empty when the message can be used. */
  public List<String> unsupported(Message message) {
    var problems = new ArrayList<String>();
    walk(message, "", problems);
    return problems;
  }

  private void walk(Message message, String path, List<String> problems) {
    String type = message.getDescriptorForType().getFullName();
    if (message instanceof Any any) {
      walkAny(any, path, problems);
      return;
    }
    if (type.startsWith("google.protobuf.")) {
      return;
    }
    Set<String> known = fields.get(type);
    if (known == null) {
      problems.add(path + ": " + type + " is not supported");
      return;
    }
    if (known.contains("*")) {
      return;
    }
    for (var entry : message.getAllFields().entrySet()) {
      FieldDescriptor field = entry.getKey();
      String at = path.isEmpty() ? field.getName() : path + "." + field.getName();
      if (!known.contains(field.getName())) {
        problems.add(at + " is not supported");
      } else if (field.getJavaType() == FieldDescriptor.JavaType.MESSAGE) {
        descend(field, entry.getValue(), at, problems);
      }
    }
  }

  private void descend(FieldDescriptor field, Object value, String at, List<String> problems) {
    if (!field.isRepeated()) {
      walk((Message) value, at, problems);
      return;
    }
    int i = 0;
    for (Object item : (List<?>) value) {
      if (field.isMapField()) {
        for (Object part : ((Message) item).getAllFields().values()) {
          if (part instanceof Message inner) {
            walk(inner, at + "[" + i + "]", problems);
          }
        }
      } else {
        walk((Message) item, at + "[" + i + "]", problems);
      }
      i++;
    }
  }

  private void walkAny(Any any, String path, List<String> problems) {
    try {
      Message unpacked = types.unpack(any);
      if (unpacked == null) {
        problems.add(path + ": " + AnyTypes.name(any) + " is not supported");
      } else {
        walk(unpacked, path, problems);
      }
    } catch (InvalidProtocolBufferException e) {
      problems.add(path + ": " + AnyTypes.name(any) + " cannot be read: " + e.getMessage());
    }
  }
}
