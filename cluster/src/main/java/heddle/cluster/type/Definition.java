package heddle.cluster.type;

import heddle.cluster.object.ResourceType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One kind, whatever the version.
 *
 * @param type the storage version
 * @param names how people and clients call it
 * @param verbs what may be done, as discovery lists it; {@code create} alone is a review
 * @param status whether status is written separately
 * @param scale where {@code /scale} finds its numbers, or null
 * @param generation whether changes of the desired state are counted
 * @param custom whether a CustomResourceDefinition made it
 * @param endpoints further subresources
 */
public record Definition(
    ResourceType type,
    Names names,
    List<String> verbs,
    boolean status,
    @Nullable Scale scale,
    boolean generation,
    boolean custom,
    Rules rules,
    List<Endpoint> endpoints) {

  /** The verbs of an ordinary kind. */
  public static final List<String> ALL_VERBS =
      List.of("create", "delete", "deletecollection", "get", "list", "patch", "update", "watch");

  public Definition {
    verbs = List.copyOf(verbs);
    endpoints = List.copyOf(endpoints);
  }

  /** Singular, short and category names. */
  public record Names(
      String singular, String listKind, List<String> shortNames, List<String> categories) {
    public Names {
      shortNames = List.copyOf(shortNames);
      categories = List.copyOf(categories);
    }
  }

  /** Dotted paths, without a leading dot; {@code selector} may be empty. */
  public record Scale(String specReplicas, String statusReplicas, String selector) {}

  /** A subresource for discovery, such as {@code log}, with the kind that it answers. */
  public record Endpoint(
      String name, String group, String version, String kind, List<String> verbs) {
    public Endpoint {
      verbs = List.copyOf(verbs);
    }
  }

  static Builder define(
      String group, String version, String plural, String kind, boolean namespaced) {
    return new Builder(new ResourceType(group, version, plural, kind, namespaced));
  }

  /** Assembles a definition. */
  static final class Builder {
    private final ResourceType type;
    private List<String> shortNames = List.of();
    private List<String> categories = List.of();
    private List<String> verbs = ALL_VERBS;
    private boolean status;
    private boolean generation;
    private boolean custom;
    private @Nullable String listKind;
    private @Nullable String singular;
    private @Nullable Scale scale;
    private Rules rules = Rules.NONE;
    private final List<Endpoint> endpoints = new ArrayList<>();

    private Builder(ResourceType type) {
      this.type = type;
    }

    Builder shortNames(String... names) {
      return shortNames(List.of(names));
    }

    Builder shortNames(List<String> names) {
      shortNames = names;
      return this;
    }

    Builder categories(List<String> names) {
      categories = names;
      return this;
    }

    Builder inAll() {
      return categories(List.of("all"));
    }

    Builder verbs(String... names) {
      verbs = List.of(names);
      return this;
    }

    Builder status() {
      status = true;
      return this;
    }

    Builder generation() {
      generation = true;
      return this;
    }

    Builder custom(String singularName, String list) {
      custom = true;
      singular = singularName;
      listKind = list;
      return this;
    }

    Builder scale(@Nullable Scale paths) {
      scale = paths;
      return this;
    }

    Builder rules(Rules kindRules) {
      rules = kindRules;
      return this;
    }

    Builder endpoint(String name, String group, String version, String kind, String... verbs) {
      endpoints.add(new Endpoint(name, group, version, kind, List.of(verbs)));
      return this;
    }

    Definition build() {
      String one = singular == null ? type.kind().toLowerCase(java.util.Locale.ROOT) : singular;
      String list = listKind == null ? type.kind() + "List" : listKind;
      return new Definition(
          type,
          new Names(one, list, shortNames, categories),
          verbs,
          status,
          scale,
          generation,
          custom,
          rules,
          endpoints);
    }
  }
}
