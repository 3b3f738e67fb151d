package heddle.cluster.auth;

import heddle.cluster.auth.Authorizer.Attributes;
import heddle.cluster.auth.Authorizer.Decision;

/** The sentence of a 403, worded as Kubernetes words it because tools search for it. */
final class Refusal {
  private Refusal() {}

  static String message(User user, Attributes asked, Decision decision) {
    String why = decision.reason().isEmpty() ? "" : ": " + decision.reason();
    if (!asked.path().isEmpty()) {
      return "forbidden: User \"%s\" cannot %s path \"%s\"%s"
          .formatted(user.name(), asked.verb(), asked.path(), why);
    }
    String qualified =
        asked.group().isEmpty() ? asked.resource() : asked.resource() + "." + asked.group();
    String object = asked.name().isEmpty() ? "" : " \"" + asked.name() + "\"";
    String where =
        asked.namespace().isEmpty()
            ? "at the cluster scope"
            : "in the namespace \"" + asked.namespace() + "\"";
    return "%s%s is forbidden: User \"%s\" cannot %s resource \"%s\" in API group \"%s\" %s%s"
        .formatted(
            qualified,
            object,
            user.name(),
            asked.verb(),
            asked.combinedResource(),
            asked.group(),
            where,
            why);
  }
}
