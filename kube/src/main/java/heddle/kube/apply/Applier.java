package heddle.kube.apply;

import com.fasterxml.jackson.databind.node.ObjectNode;
import heddle.kube.KubeApi;
import heddle.kube.KubeException;
import heddle.kube.KubeKind;
import heddle.kube.KubeObject;
import heddle.kube.PatchType;
import heddle.kube.Scope;
import heddle.kube.apply.Applied.Change;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * Applies lists of objects as {@code kubectl apply} does, with kubectl's annotation, so that either
 * may go on where the other stopped. Definitions and namespaces go first, and definitions are
 * served before anything else is applied; the rest keeps its order. Unlike kubectl it replaces
 * lists whole, with elements that others added to them.
 */
public final class Applier {
  /** kubectl's annotation of client-side apply. */
  public static final String LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";

  private static final Duration ESTABLISHED_WITHIN = Duration.ofSeconds(30);

  private final KubeApi api;
  private final String manager;
  private final Waiter waiter;

  /** An applier that writes as {@code heddle}; the ticker counts nanoseconds. */
  public Applier(KubeApi api, LongSupplier ticker) {
    this(api, "heddle", ticker);
  }

  /**
   * An applier.
   *
   * @param manager the field manager: under whose name the fields are written
   * @param ticker counts nanoseconds
   */
  public Applier(KubeApi api, String manager, LongSupplier ticker) {
    this.api = api;
    this.manager = manager;
    this.waiter = new Waiter(api, ticker);
  }

  /**
   * Applies all objects; each wholly or not at all. An object without a namespace goes to the given
   * one, if its kind has namespaces.
   *
   * @throws KubeException for the first object that is refused; those before it are applied
   */
  public List<Applied> apply(Collection<KubeObject> objects, String defaultNamespace)
      throws InterruptedException {
    List<KubeObject> ordered = new ArrayList<>(objects);
    ordered.sort(Comparator.comparingInt(Applier::rank));
    List<Applied> applied = new ArrayList<>();
    List<KubeObject> definitions = new ArrayList<>();
    for (KubeObject object : ordered) {
      if (rank(object) > 0 && !definitions.isEmpty()) {
        awaitEstablished(definitions);
        definitions.clear();
      }
      Applied one = apply(object, defaultNamespace);
      applied.add(one);
      if (object.kind().equals("CustomResourceDefinition")) {
        definitions.add(one.object());
      }
    }
    awaitEstablished(definitions);
    return applied;
  }

  /** Applies one object. */
  public Applied apply(KubeObject object, String defaultNamespace) {
    KubeKind kind = api.kindOf(object);
    KubeObject wanted = object.copy();
    ObjectNode metadata = wanted.metadata();
    if (!kind.namespaced()) {
      metadata.remove("namespace");
    } else if (wanted.namespace().isEmpty()) {
      metadata.put("namespace", defaultNamespace);
    }
    if (wanted.name().isEmpty()) {
      return new Applied(api.create(wanted, manager), Change.CREATED);
    }
    metadata.remove(List.of("managedFields", "resourceVersion", "uid"));
    wanted.json().remove("status");
    remember(wanted);
    Optional<KubeObject> stored = api.get(kind, wanted.namespace(), wanted.name());
    if (stored.isEmpty()) {
      try {
        return new Applied(api.create(wanted, manager), Change.CREATED);
      } catch (KubeException e) {
        if (!e.conflict()) {
          throw e;
        }
        stored = api.get(kind, wanted.namespace(), wanted.name());
      }
    }
    return update(kind, wanted, stored.orElse(wanted));
  }

  private Applied update(KubeKind kind, KubeObject wanted, KubeObject stored) {
    String before = stored.annotations().getOrDefault(LAST_APPLIED, "{}");
    ObjectNode patch =
        ThreeWay.patch(KubeObject.parse(before).json(), wanted.json(), stored.json());
    if (patch.isEmpty()) {
      return new Applied(stored, Change.UNCHANGED);
    }
    KubeObject after =
        api.patch(kind, wanted.namespace(), wanted.name(), PatchType.MERGE, patch, manager);
    boolean same = stored.resourceVersion().equals(after.resourceVersion());
    return new Applied(after, same ? Change.UNCHANGED : Change.CONFIGURED);
  }

  /**
   * Deletes what carries a label and is not among the objects to keep.
   *
   * @param labelSelector which objects are ours
   * @param keep what was applied just now
   * @param kinds where to look
   */
  public List<Applied> prune(
      String labelSelector, Collection<KubeObject> keep, Collection<KubeKind> kinds) {
    Set<String> kept = new HashSet<>();
    keep.forEach(object -> kept.add(identity(object)));
    List<Applied> pruned = new ArrayList<>();
    for (KubeKind kind : kinds) {
      for (KubeObject object : api.list(kind, Scope.everywhere().labelled(labelSelector)).items()) {
        if (!kept.contains(identity(object))
            && !object.deleting()
            && api.delete(kind, object.namespace(), object.name())) {
          pruned.add(new Applied(object, Change.PRUNED));
        }
      }
    }
    return pruned;
  }

  private static String identity(KubeObject object) {
    int slash = object.apiVersion().indexOf('/');
    String group = slash < 0 ? "" : object.apiVersion().substring(0, slash);
    return group + " " + object;
  }

  private void awaitEstablished(List<KubeObject> definitions) throws InterruptedException {
    for (KubeObject definition : definitions) {
      waiter.await(definition, "Established", ESTABLISHED_WITHIN);
    }
  }

  private static int rank(KubeObject object) {
    return switch (object.kind()) {
      case "CustomResourceDefinition", "Namespace" -> 0;
      default -> 1;
    };
  }

  private static void remember(KubeObject object) {
    ObjectNode annotations = object.metadata().withObjectProperty("annotations");
    annotations.remove(LAST_APPLIED);
    String text = object.json() + "\n";
    annotations.put(LAST_APPLIED, text);
  }
}
