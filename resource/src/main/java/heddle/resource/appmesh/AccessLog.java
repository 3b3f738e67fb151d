package heddle.resource.appmesh;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where and how requests are logged. */
public record AccessLog(String path, Format format) {

  /** A line's form. */
  public sealed interface Format {
    /** Envoy's default line. */
    record Default() implements Format {}

    /** Envoy's command operators. */
    record Text(String format) implements Format {}

    /** One JSON object per line. */
    record Json(List<Member> members) implements Format {
      public Json {
        members = List.copyOf(members);
      }
    }
  }

  /** A member of a JSON line. */
  public record Member(String key, String value) {}

  /** Reads {@code logging.accessLog.file} of a spec; null when nothing is logged. */
  static @Nullable AccessLog of(Fields spec) {
    Fields logging = Fields.ofNullable(spec.map().mapping("logging"));
    Fields accessLog = Fields.ofNullable(logging.map().mapping("accessLog"));
    return accessLog.objectOrNull(
        "file",
        file -> {
          Format format = file.objectOrNull("format", AccessLog::format);
          return new AccessLog(file.text("path"), format == null ? new Format.Default() : format);
        });
  }

  private static Format format(Fields fields) {
    if (fields.has("text")) {
      return new Format.Text(fields.text("text"));
    }
    List<Member> members = new ArrayList<>();
    members.addAll(fields.objects("json", m -> new Member(m.text("key"), m.text("value"))));
    return new Format.Json(members);
  }
}
