package heddle.mesh.model;

import java.util.List;

/**
 * Which requests: all conditions must hold.
 *
 * @param grpcOnly whether the content type must be gRPC's
 */
public record RouteMatch(Path path, List<Header> headers, List<Query> query, boolean grpcOnly) {

  public RouteMatch {
    headers = List.copyOf(headers);
    query = List.copyOf(query);
  }

  /** A condition on the path without its query. */
  public sealed interface Path {
    record Prefix(String value) implements Path {}

    record Exact(String value) implements Path {}

    /** RE2, for the whole path. */
    record Regex(String expression) implements Path {}
  }

  /** A condition on a header, pseudo-headers such as {@code :method} included. */
  public record Header(String name, Value value, boolean invert) {}

  /** A condition on the first value of a query parameter. */
  public record Query(String name, Value value) {}

  /** A condition on a value. */
  public sealed interface Value {
    record Present() implements Value {}

    record Exact(String value) implements Value {}

    record Prefix(String value) implements Value {}

    record Suffix(String value) implements Value {}

    /** RE2, for the whole value. */
    record Regex(String expression) implements Value {}

    /** A decimal integer; {@code start} included, {@code end} not. */
    record Range(long start, long end) implements Value {}
  }

  /** Every request. */
  public static RouteMatch everything() {
    return new RouteMatch(new Path.Prefix("/"), List.of(), List.of(), false);
  }

  /** The same with one more condition. */
  public RouteMatch with(Header header) {
    List<Header> all = new java.util.ArrayList<>(headers);
    all.add(header);
    return new RouteMatch(path, all, query, grpcOnly);
  }
}
