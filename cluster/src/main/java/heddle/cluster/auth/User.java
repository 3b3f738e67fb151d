package heddle.cluster.auth;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;

/** Who makes a request, as {@code TokenReview} describes it. */
public record User(String name, String uid, List<String> groups, Map<String, List<String>> extra) {
  /** The group of everybody who gave credentials. */
  public static final String AUTHENTICATED = "system:authenticated";

  /** The group of everybody who gave none. */
  public static final String UNAUTHENTICATED = "system:unauthenticated";

  /** The group that may do everything. */
  public static final String MASTERS = "system:masters";

  public User {
    groups = List.copyOf(groups);
    extra = Map.copyOf(extra);
  }

  /** Nobody in particular. */
  public static User anonymous() {
    return new User("system:anonymous", "", List.of(UNAUTHENTICATED), Map.of());
  }

  /** A service account, by the name RBAC knows it. */
  public static String serviceAccountName(String namespace, String name) {
    return "system:serviceaccount:" + namespace + ":" + name;
  }

  /** {@code UserInfo} of authentication.k8s.io/v1, as reviews and webhooks carry it. */
  public ObjectNode toJson() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("username", name);
    if (!uid.isEmpty()) {
      json.put("uid", uid);
    }
    if (!groups.isEmpty()) {
      groups.forEach(json.putArray("groups")::add);
    }
    if (!extra.isEmpty()) {
      ObjectNode values = json.putObject("extra");
      extra.keySet().stream()
          .sorted()
          .forEach(key -> extra.getOrDefault(key, List.of()).forEach(values.withArray(key)::add));
    }
    return json;
  }
}
