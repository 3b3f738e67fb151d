package heddle.cluster.operation;

import com.fasterxml.jackson.databind.node.ObjectNode;
import heddle.cluster.admission.Admission;
import heddle.cluster.object.ApiException;
import heddle.cluster.object.DeleteOptions;
import heddle.cluster.object.Metadata;
import heddle.cluster.object.ResourceType;
import heddle.cluster.patch.ManagedFields;
import heddle.cluster.patch.ServerSideApply;
import heddle.cluster.store.Key;
import heddle.cluster.store.Store;
import heddle.cluster.store.Stored;
import heddle.cluster.type.CrdMerge;
import heddle.cluster.type.Served;
import heddle.cluster.type.Types;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Reads and changes objects. Trees that come in and go out are in the version that {@link Served}
 * names and belong to the caller; an empty namespace stands for cluster-scoped objects, and for all
 * namespaces when listing.
 */
public final class Operations {
  private static final int GENERATED_NAMES = 8;
  private static final String DEFINITIONS = "customresourcedefinitions.apiextensions.k8s.io";

  private final Store store;
  private final Types types;
  private final Pipeline pipeline;
  private final Deletion deletion;
  private final Consequences consequences;
  private final Identity identity;
  private final ServiceAddresses addresses;

  /**
   * @param admission asked on every write
   * @param certificate PEM of the cluster's CA, for {@code kube-root-ca.crt}
   * @param random source of uids and generated names
   */
  public Operations(
      Store store,
      Types types,
      Admission admission,
      String certificate,
      InstantSource clock,
      RandomGenerator random) {
    this.store = store;
    this.types = types;
    this.identity = new Identity(clock, random);
    this.pipeline = new Pipeline(admission);
    this.addresses = new ServiceAddresses(store);
    this.consequences = new Consequences(this, certificate);
    this.deletion = new Deletion(store, pipeline, consequences, clock);
    consequences.refreshTypes();
  }

  /** The clock of every time that is written. */
  public InstantSource clock() {
    return identity.clock();
  }

  public Types types() {
    return types;
  }

  public Store store() {
    return store;
  }

  /** Reads one object. */
  public Optional<ObjectNode> get(Served served, String namespace, String name) {
    Stored stored = store.get(key(served, namespace, name));
    return stored == null ? Optional.empty() : Optional.of(view(served, stored.object()));
  }

  /** A copy of a stored tree in the caller's version. */
  public static ObjectNode view(Served served, ObjectNode stored) {
    return served.fromStorage(stored.deepCopy());
  }

  /**
   * Creates an object; its metadata says where, unless {@code namespace} does.
   *
   * @throws ApiException 400, 403, 404, 409 or 422 as Kubernetes answers
   */
  public ObjectNode create(Call call, Served served, String namespace, ObjectNode body) {
    ObjectNode object = decoded(call, served, body, null);
    return create(call, served, namespace, object, written(call, served, ""));
  }

  private ObjectNode create(
      Call call, Served served, String namespace, ObjectNode object, Ownership ownership) {
    boolean generated = Metadata.name(object).isEmpty();
    place(served, namespace, object);
    for (int attempt = 1; ; attempt++) {
      ObjectNode candidate = object.deepCopy();
      identity.born(served, candidate, generated);
      Optional<ObjectNode> created = insert(call, served, candidate, ownership);
      if (created.isPresent()) {
        return created.get();
      }
      if (!generated || attempt == GENERATED_NAMES) {
        throw Errors.exists(served.type(), Metadata.name(candidate));
      }
    }
  }

  private ObjectNode decoded(Call call, Served served, ObjectNode body, @Nullable ObjectNode old) {
    ObjectNode object = served.toStorage(pipeline.decode(served, body));
    pipeline.shape(call, served, object);
    pipeline.support(call, served, object, old);
    return object;
  }

  private Optional<ObjectNode> insert(
      Call call, Served served, ObjectNode candidate, Ownership ownership) {
    ObjectNode admitted = pipeline.admit(call, served, "CREATE", "", candidate, null);
    Key key = key(served, Metadata.namespace(admitted), Metadata.name(admitted));
    if (store.get(key) != null) {
      return Optional.empty();
    }
    try (ServiceAddresses.@Nullable Reservation ignored = reserve(served, admitted, null)) {
      pipeline.check(call, served, "CREATE", "", admitted, null);
      ownership.record(null, admitted);
      if (call.dryRun()) {
        return Optional.of(view(served, admitted));
      }
      Optional<Stored> stored = store.put(key, admitted, 0);
      stored.ifPresent(consequences::created);
      return stored.map(done -> view(served, done.object()));
    }
  }

  private ServiceAddresses.@Nullable Reservation reserve(
      Served served, ObjectNode object, @Nullable ObjectNode old) {
    return served.resource().equals("services") ? addresses.complete(object, old) : null;
  }

  /** Puts the namespace of the path into the object and checks that it can take new content. */
  private void place(Served served, String namespace, ObjectNode object) {
    ObjectNode metadata = Metadata.of(object);
    String own = Metadata.namespace(object);
    if (!served.type().namespaced()) {
      metadata.remove("namespace");
      return;
    }
    if (own.isEmpty()) {
      metadata.put("namespace", namespace);
    } else if (!namespace.isEmpty() && !own.equals(namespace)) {
      throw ApiException.badRequest(
          "the namespace of the provided object does not match the namespace sent on the request");
    }
    String target = Metadata.namespace(object);
    Stored home = target.isEmpty() ? null : store.get(new Key("namespaces", "", target));
    if (home == null) {
      throw ApiException.notFound(
          new ResourceType("", "v1", "namespaces", "Namespace", false), target);
    }
    if (Metadata.deleting(home.object())) {
      throw Errors.terminating(served.type(), Metadata.name(object), target);
    }
  }

  /**
   * Reads, changes and writes, again whenever another writer was quicker. A desired state that
   * carries a resourceVersion or uid is only written over exactly that.
   *
   * @param subresource empty, {@code status} or {@code finalize}
   * @param change may be applied more than once
   * @throws ApiException 404 when there is nothing to change
   */
  public ObjectNode modify(
      Call call,
      Served served,
      String subresource,
      String namespace,
      String name,
      UnaryOperator<ObjectNode> change) {
    Key key = key(served, namespace, name);
    while (true) {
      Stored current = store.get(key);
      if (current == null) {
        throw ApiException.notFound(served.type(), name);
      }
      ObjectNode desired =
          decoded(call, served, change.apply(view(served, current.object())), current.object());
      Optional<ObjectNode> written =
          replace(call, served, subresource, current, desired, written(call, served, subresource));
      if (written.isPresent()) {
        return written.get();
      }
    }
  }

  private Optional<ObjectNode> replace(
      Call call,
      Served served,
      String subresource,
      Stored current,
      ObjectNode desired,
      Ownership ownership) {
    ObjectNode old = current.object();
    if (served.resource().equals(DEFINITIONS) && CrdMerge.protects(old) && !call.isSystem()) {
      desired = CrdMerge.merge(old, desired);
    }
    Revision.confine(served, subresource, desired, old.deepCopy());
    ObjectNode admitted = pipeline.admit(call, served, "UPDATE", subresource, desired, old);
    Revision.confine(served, subresource, admitted, old.deepCopy());
    try (ServiceAddresses.@Nullable Reservation ignored = reserve(served, admitted, old)) {
      pipeline.check(call, served, "UPDATE", subresource, admitted, old);
      Revision.count(served, admitted, old);
      ownership.record(old, admitted);
      if (admitted.equals(old) || call.dryRun()) {
        return Optional.of(view(served, admitted));
      }
      if (Deletion.finished(current.key().resource(), admitted)) {
        return deletion.remove(current).map(last -> view(served, last));
      }
      Optional<Stored> stored = store.put(current.key(), admitted, current.revision());
      stored.ifPresent(consequences::updated);
      return stored.map(done -> view(served, done.object()));
    }
  }

  /**
   * Deletes, or begins to.
   *
   * @return the object and whether it is gone
   */
  public Deletion.Result delete(
      Call call, Served served, String namespace, String name, DeleteOptions options) {
    Key key = key(served, namespace, name);
    while (true) {
      Stored current = store.get(key);
      if (current == null) {
        throw ApiException.notFound(served.type(), name);
      }
      Optional<Deletion.Result> result = deletion.delete(call, served, current, options);
      if (result.isPresent()) {
        return result.get();
      }
    }
  }

  /** All objects of a type in the caller's version, and the revision to watch on from. */
  public Listing list(Served served, String namespace) {
    Store.Listing listing = store.list(served.resource(), namespace);
    List<ObjectNode> items = new ArrayList<>(listing.items().size());
    listing.items().forEach(stored -> items.add(view(served, stored.object())));
    return new Listing(listing.revision(), items);
  }

  /** The object after an apply, and whether it was created. */
  public record Applied(ObjectNode object, boolean created) {}

  /**
   * Server-side apply.
   *
   * @throws ApiException 409 when another manager owns a field, unless forced
   */
  public Applied apply(
      Call call,
      Served served,
      String subresource,
      String namespace,
      String name,
      ObjectNode applied,
      boolean force) {
    ObjectNode wanted = decoded(call, served, applied, null);
    place(served, subresource, namespace, name, wanted);
    ServerSideApply apply =
        new ServerSideApply(served.schema(), writer(call, served, subresource), force);
    Key key = key(served, namespace, name);
    while (true) {
      Stored current = store.get(key);
      if (current == null && !subresource.isEmpty()) {
        throw ApiException.notFound(served.type(), name);
      }
      ObjectNode live = current == null ? wanted.objectNode() : current.object();
      ObjectNode merged = apply.apply(live, wanted);
      try {
        Optional<ObjectNode> done =
            current == null
                ? Optional.of(create(call, served, namespace, merged, (old, now) -> {}))
                : replace(call, served, subresource, current, merged, (old, now) -> {});
        if (done.isPresent()) {
          return new Applied(done.get(), current == null);
        }
      } catch (ApiException e) {
        if (current != null || !e.reason().equals("AlreadyExists")) {
          throw e;
        }
      }
    }
  }

  private static void place(
      Served served, String subresource, String namespace, String name, ObjectNode wanted) {
    ObjectNode metadata = Metadata.of(wanted);
    if (!Metadata.name(wanted).isEmpty() && !Metadata.name(wanted).equals(name)) {
      throw ApiException.badRequest(
          "the name of the object (%s) does not match the name on the URL (%s)"
              .formatted(Metadata.name(wanted), name));
    }
    metadata.put("name", name);
    if (served.type().namespaced() && Metadata.namespace(wanted).isEmpty()) {
      metadata.put("namespace", namespace);
    }
    if (subresource.isEmpty() && served.definition().status()) {
      wanted.remove("status");
    }
  }

  /** Keeps who owns which field when a write is about to be stored. */
  private interface Ownership {
    void record(@Nullable ObjectNode old, ObjectNode now);
  }

  private Ownership written(Call call, Served served, String subresource) {
    return (old, now) ->
        ManagedFields.update(old, now, served.schema(), writer(call, served, subresource));
  }

  private ManagedFields.Writer writer(Call call, Served served, String subresource) {
    return new ManagedFields.Writer(
        call.manager(),
        served.type().apiVersion(),
        subresource,
        clock().instant().truncatedTo(ChronoUnit.SECONDS).toString());
  }

  /** A list that belongs to the caller. */
  public record Listing(long revision, List<ObjectNode> items) {}

  static Key key(Served served, String namespace, String name) {
    return new Key(served.resource(), served.type().namespaced() ? namespace : "", name);
  }

  /** The names, ids and times that the server gives. */
  private record Identity(InstantSource clock, RandomGenerator random) {
    private static final String ALPHABET = "bcdfghjklmnpqrstvwxz2456789";
    private static final int SUFFIX = 5;
    private static final int PREFIX = 58;

    void born(Served served, ObjectNode object, boolean generated) {
      ObjectNode metadata = Metadata.of(object);
      if (!Metadata.resourceVersion(object).isEmpty()) {
        throw ApiException.badRequest("resourceVersion should not be set on objects to be created");
      }
      if (generated && !metadata.path("generateName").asText("").isEmpty()) {
        metadata.put("name", generate(metadata.path("generateName").asText()));
      }
      metadata.remove(
          List.of(
              "deletionTimestamp", "deletionGracePeriodSeconds", "selfLink", "resourceVersion"));
      metadata.put("uid", new java.util.UUID(version4(), variant2()).toString());
      metadata.put("creationTimestamp", clock.instant().truncatedTo(ChronoUnit.SECONDS).toString());
      if (served.definition().generation()) {
        metadata.put("generation", 1);
      } else {
        metadata.remove("generation");
      }
      if (served.definition().status() && !served.resource().equals("nodes")) {
        object.remove("status");
      }
    }

    private String generate(String prefix) {
      StringBuilder name =
          new StringBuilder(prefix.substring(0, Math.min(prefix.length(), PREFIX)));
      for (int i = 0; i < SUFFIX; i++) {
        name.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
      }
      return name.toString();
    }

    private long version4() {
      return random.nextLong() & ~0xf000L | 0x4000L;
    }

    private long variant2() {
      return random.nextLong() & 0x3fffffffffffffffL | 0x8000000000000000L;
    }
  }
}
