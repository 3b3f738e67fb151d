package heddle.cluster.auth;

import heddle.cluster.informer.ObjectCache;
import heddle.cluster.object.Objects;
import heddle.cluster.object.ResourceType;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * RBAC of Kubernetes: Roles and ClusterRoles (with aggregation), bound to users, groups and service
 * accounts. {@code system:masters} may do everything.
 *
 * <p>Roles and bindings are watched; what a decision needs is a look-up per group of the user. A
 * change counts as soon as its watch event has arrived.
 */
public final class RbacAuthorizer implements Authorizer, AutoCloseable {
  private final List<ObjectCache> caches;
  private final ObjectCache clusterRoles;
  private final AtomicLong changes = new AtomicLong();
  private volatile Snapshot snapshot =
      new Snapshot(-1, Grants.of(List.of(), List.of(), List.of(), List.of()));

  private record Snapshot(long change, Grants grants) {}

  private RbacAuthorizer(Objects objects) {
    this.clusterRoles = new ObjectCache(objects, RbacTypes.CLUSTER_ROLES);
    this.caches =
        List.of(
            new ObjectCache(objects, RbacTypes.ROLES),
            clusterRoles,
            new ObjectCache(objects, RbacTypes.ROLE_BINDINGS),
            new ObjectCache(objects, RbacTypes.CLUSTER_ROLE_BINDINGS));
  }

  /** Loads the roles and bindings that exist and follows their changes until closed. */
  public static RbacAuthorizer start(Objects objects) {
    var authorizer = new RbacAuthorizer(objects);
    for (ObjectCache cache : authorizer.caches) {
      cache.listen((before, after) -> authorizer.changes.incrementAndGet());
      cache.start();
    }
    return authorizer;
  }

  @Override
  public Decision authorize(User user, Attributes attributes) {
    if (user.groups().contains(User.MASTERS)) {
      return new Decision(true, "");
    }
    for (Grants.Grant grant : grants().of(user, attributes.namespace())) {
      for (Rule rule : grant.rules()) {
        if (rule.allows(attributes)) {
          return new Decision(true, grant.origin());
        }
      }
    }
    return new Decision(false, "");
  }

  /** Every rule that holds for a user in a namespace, for rules reviews and escalation checks. */
  List<Rule> rulesOf(User user, String namespace) {
    var rules = new ArrayList<Rule>();
    grants().of(user, namespace).forEach(grant -> rules.addAll(grant.rules()));
    return rules;
  }

  /** The rules that a reference would give, or none when the role does not exist. */
  List<Rule> rulesOfRole(ResourceType type, String namespace, String name) {
    ObjectCache cache = type.equals(RbacTypes.ROLES) ? caches.getFirst() : clusterRoles;
    return cache
        .get(type.namespaced() ? namespace : "", name)
        .map(role -> Grants.rulesOf(role, clusterRoles.all()))
        .orElse(List.of());
  }

  private Grants grants() {
    Snapshot current = snapshot;
    return current.change() == changes.get() ? current.grants() : refresh();
  }

  private synchronized Grants refresh() {
    long change = changes.get();
    if (snapshot.change() != change) {
      Grants grants =
          Grants.of(
              caches.get(0).all(), caches.get(1).all(), caches.get(2).all(), caches.get(3).all());
      snapshot = new Snapshot(change, grants);
    }
    return snapshot.grants();
  }

  @Override
  public void close() {
    caches.forEach(ObjectCache::close);
  }
}
