package heddle.resource.appmesh;

import org.jspecify.annotations.Nullable;

/** The rules of matches, shared by routers and gateways. */
final class MatchRules {

  private MatchRules() {}

  /** The member {@code path}, when it is there. */
  static void path(At match) {
    At path = match.child("path");
    if (path == null) {
      return;
    }
    int found = path.present("exact", "regex").size();
    if (found == 0) {
      path.error("exactly-one", "Either exact or regex for path must be specified");
    } else if (found == 2) {
      path.error(
          "exactly-one",
          "Both exact and regex for path are not allowed. Only one must be specified");
    } else if (path.has("exact") && !String.valueOf(path.map().text("exact")).startsWith("/")) {
      path.errorAt(
          "exact",
          "path-start",
          "\"" + path.map().text("exact") + "\" (expected: a path that begins with /)");
    }
  }

  static void headers(At match, String member, String noun) {
    for (At header : match.items(member)) {
      At method = header.child("match");
      if (method == null) {
        continue;
      }
      int found = method.present("exact", "prefix", "suffix", "regex", "range").size();
      if (found > 1) {
        method.error("exactly-one", "Too many Match Filters specified, only 1 allowed per " + noun);
      } else if (found == 0) {
        method.error(
            "exactly-one",
            "Missing Match criteria for one or more "
                + noun
                + " match block, don't specify match block if you dont need it");
      }
      range(method.child("range"));
    }
  }

  private static void range(@Nullable At range) {
    Long start = range == null ? null : range.map().whole("start");
    Long end = range == null ? null : range.map().whole("end");
    if (range != null && start != null && end != null && start >= end) {
      range.error("range", "Invalid Match Range specified, end has to be greater than start");
    }
  }

  static void query(At match) {
    for (At parameter : match.items("queryParameters")) {
      At method = parameter.child("match");
      if (method != null && method.map().present("exact") == null) {
        method.error(
            "exactly-one",
            "Missing Match criteria for one or more exact query match block, "
                + "don't specify match block if you dont need it");
      }
    }
  }
}
