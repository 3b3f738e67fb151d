package heddle.mesh.model;

import java.util.List;

/** A file to which a line per request is written. */
public record RequestLog(String path, Format format) {

  /** The line's form; the operators are Envoy's. */
  public sealed interface Format {
    /** Envoy's default line. */
    record Default() implements Format {}

    record Text(String format) implements Format {}

    record Json(List<Member> members) implements Format {
      public Json {
        members = List.copyOf(members);
      }
    }
  }

  /** A member of a JSON line. */
  public record Member(String key, String value) {}
}
