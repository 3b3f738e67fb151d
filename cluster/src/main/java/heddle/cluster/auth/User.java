package heddle.cluster.auth;

import java.util.List;
import java.util.Map;

/** Who makes a request, as {@code TokenReview} describes it. */
public record User(String name, String uid, List<String> groups, Map<String, List<String>> extra) {
  public User {
    groups = List.copyOf(groups);
    extra = Map.copyOf(extra);
  }
}
