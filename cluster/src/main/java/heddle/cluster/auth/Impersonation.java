package heddle.cluster.auth;

import heddle.cluster.auth.Authorizer.Attributes;
import heddle.cluster.object.ApiException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Requests made in somebody else's name ({@code kubectl --as}), as Kubernetes allows them. */
public final class Impersonation {
  private static final String USER = "impersonate-user";
  private static final String UID = "impersonate-uid";
  private static final String GROUP = "impersonate-group";
  private static final String EXTRA = "impersonate-extra-";
  private static final String SERVICE_ACCOUNT = "system:serviceaccount:";

  private final Authorizer authorizer;

  public Impersonation(Authorizer authorizer) {
    this.authorizer = authorizer;
  }

  /**
   * The user that a request acts as.
   *
   * @param headers the request's, in any case
   * @throws ApiException 403 when {@code user} may not impersonate what is asked; 400 when groups
   *     or extras come without a user
   */
  public User apply(User user, Map<String, List<String>> headers) {
    var lower = new LinkedHashMap<String, List<String>>();
    headers.forEach(
        (name, values) -> {
          String key = name.toLowerCase(Locale.ROOT);
          if (key.startsWith("impersonate-")) {
            lower.computeIfAbsent(key, k -> new ArrayList<>()).addAll(values);
          }
        });
    if (lower.isEmpty()) {
      return user;
    }
    List<String> names = lower.getOrDefault(USER, List.of());
    if (names.isEmpty() || names.getFirst().isEmpty()) {
      throw ApiException.badRequest(
          "requested "
              + lower.keySet()
              + " without impersonating a user (expected: Impersonate-User)");
    }
    return check(user, names.getFirst(), lower);
  }

  private User check(User user, String name, Map<String, List<String>> headers) {
    List<String> groups = new ArrayList<>(headers.getOrDefault(GROUP, List.of()));
    String uid = headers.getOrDefault(UID, List.of("")).getFirst();
    String[] account = name.startsWith(SERVICE_ACCOUNT) ? name.split(":", -1) : new String[0];
    if (account.length == 4) {
      require(user, "", "serviceaccounts", "", account[2], account[3]);
      if (groups.isEmpty()) {
        groups.add("system:serviceaccounts");
        groups.add("system:serviceaccounts:" + account[2]);
      }
    } else {
      require(user, "", "users", "", "", name);
    }
    headers
        .getOrDefault(GROUP, List.of())
        .forEach(group -> require(user, "", "groups", "", "", group));
    if (!uid.isEmpty()) {
      require(user, "authentication.k8s.io", "uids", "", "", uid);
    }
    if (name.equals(User.anonymous().name())) {
      addOnce(groups, User.UNAUTHENTICATED);
    } else if (!groups.contains(User.UNAUTHENTICATED)) {
      addOnce(groups, User.AUTHENTICATED);
    }
    return new User(name, uid, groups, extra(user, headers));
  }

  private Map<String, List<String>> extra(User user, Map<String, List<String>> headers) {
    var extra = new LinkedHashMap<String, List<String>>();
    headers.forEach(
        (header, values) -> {
          if (header.startsWith(EXTRA)) {
            String key =
                URLDecoder.decode(header.substring(EXTRA.length()), StandardCharsets.UTF_8);
            values.forEach(
                value -> require(user, "authentication.k8s.io", "userextras", key, "", value));
            extra.put(key, List.copyOf(values));
          }
        });
    return extra;
  }

  private void require(
      User user, String group, String resource, String subresource, String namespace, String name) {
    authorizer.require(
        user,
        new Attributes("impersonate", group, "v1", resource, subresource, namespace, name, ""));
  }

  private static void addOnce(List<String> groups, String group) {
    if (!groups.contains(group)) {
      groups.add(group);
    }
  }
}
