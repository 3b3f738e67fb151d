package heddle.xds.route;

import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What route selection may look at in a request. */
public interface RequestView {

  /** The authority (Host) as the client sent it, with its port if there was one. */
  String authority();

  /** The path with its query, as after path normalization. */
  String path();

  /**
   * One header's value.
   *
   * @param name lower case; {@code :method}, {@code :path}, {@code :authority} and {@code :scheme}
   *     name the pseudo headers
   * @return several values joined with a comma (no space), or null when the header is absent
   */
  @Nullable String header(String name);

  /** Whether the value of one of the lines that a header has satisfies a test. */
  default boolean any(String name, Predicate<String> test) {
    String value = header(name);
    return value != null && test.test(value);
  }
}
