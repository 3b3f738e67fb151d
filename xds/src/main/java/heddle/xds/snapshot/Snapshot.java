package heddle.xds.snapshot;

import com.google.protobuf.Message;
import heddle.xds.Deterministic;
import heddle.xds.ResourceType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Everything a node is served, immutable. Versions are hashes of the content, so two snapshots with
 * the same resources are equal whoever built them, and publishing the second one tells nobody.
 */
public final class Snapshot {
  private static final String EMPTY_VERSION = versionOf(Collections.emptySortedMap());
  private static final Snapshot EMPTY = new Builder().build();

  private final Map<ResourceType, SortedMap<String, VersionedResource>> resources;
  private final Map<ResourceType, String> versions;

  private Snapshot(Map<ResourceType, SortedMap<String, VersionedResource>> resources) {
    this.resources = resources;
    this.versions = new EnumMap<>(ResourceType.class);
    resources.forEach((type, byName) -> versions.put(type, versionOf(byName)));
  }

  /** A snapshot of nothing. */
  public static Snapshot empty() {
    return EMPTY;
  }

  /** Starts an empty one. */
  public static Builder builder() {
    return new Builder();
  }

  /** The resources of a type by name, sorted. */
  public SortedMap<String, VersionedResource> resources(ResourceType type) {
    return resources.getOrDefault(type, Collections.emptySortedMap());
  }

  /** One resource. */
  public Optional<VersionedResource> resource(ResourceType type, String name) {
    return Optional.ofNullable(resources(type).get(name));
  }

  /** The hash over all resources of a type. */
  public String version(ResourceType type) {
    return versions.getOrDefault(type, EMPTY_VERSION);
  }

  /** The types in which another snapshot differs. */
  public Set<ResourceType> difference(Snapshot other) {
    EnumSet<ResourceType> changed = EnumSet.noneOf(ResourceType.class);
    for (ResourceType type : ResourceType.values()) {
      if (!version(type).equals(other.version(type))) {
        changed.add(type);
      }
    }
    return changed;
  }

  /** The same, but for the given assignments, which replace or join those of the same name. */
  public Snapshot with(ResourceType type, Iterable<? extends Message> replacements) {
    Builder builder = toBuilder();
    replacements.forEach(message -> builder.replace(VersionedResource.of(type, message)));
    return builder.build();
  }

  /** A builder that starts from this one; resources that stay are not hashed again. */
  public Builder toBuilder() {
    Builder builder = new Builder();
    resources.forEach((type, byName) -> builder.resources.put(type, new TreeMap<>(byName)));
    return builder;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Snapshot that && difference(that).isEmpty();
  }

  @Override
  public int hashCode() {
    return versions.hashCode();
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("Snapshot");
    for (ResourceType type : ResourceType.values()) {
      text.append(' ').append(type).append('=').append(resources(type).size());
    }
    return text.toString();
  }

  private static String versionOf(SortedMap<String, VersionedResource> byName) {
    List<String> parts = new ArrayList<>(byName.size() * 2);
    byName.forEach(
        (name, resource) -> {
          parts.add(name);
          parts.add(resource.version());
        });
    return Deterministic.hash(parts);
  }

  /** Collects resources; not for use by several threads. */
  public static final class Builder {
    private final Map<ResourceType, SortedMap<String, VersionedResource>> resources =
        new EnumMap<>(ResourceType.class);

    private Builder() {}

    /**
     * Adds a resource, whose type follows from its class.
     *
     * @throws IllegalArgumentException if it is no resource, has no name, or its name is taken
     */
    public Builder add(Message message) {
      ResourceType type =
          ResourceType.of(message)
              .orElseThrow(
                  () ->
                      new IllegalArgumentException(
                          message.getDescriptorForType().getFullName()
                              + " is not served over ADS (expected: a Cluster,"
                              + " ClusterLoadAssignment, Secret, Listener or RouteConfiguration)"));
      return add(VersionedResource.of(type, message));
    }

    /** Adds resources one by one. */
    public Builder addAll(Iterable<? extends Message> messages) {
      messages.forEach(this::add);
      return this;
    }

    /**
     * Adds a resource that was packed before.
     *
     * @throws IllegalArgumentException if its name is taken
     */
    public Builder add(VersionedResource resource) {
      VersionedResource before = of(resource.type()).putIfAbsent(resource.name(), resource);
      if (before != null) {
        throw new IllegalArgumentException(
            "two resources of type "
                + resource.type()
                + " are named "
                + resource.name()
                + " (expected: one)");
      }
      return this;
    }

    /** Adds a resource that was packed before, in the place of one of its name. */
    public Builder replace(VersionedResource resource) {
      of(resource.type()).put(resource.name(), resource);
      return this;
    }

    private SortedMap<String, VersionedResource> of(ResourceType type) {
      return resources.computeIfAbsent(type, t -> new TreeMap<>());
    }

    /** The snapshot; the builder may be used on. */
    public Snapshot build() {
      Map<ResourceType, SortedMap<String, VersionedResource>> copy =
          new EnumMap<>(ResourceType.class);
      resources.forEach(
          (type, byName) -> {
            if (!byName.isEmpty()) {
              copy.put(type, Collections.unmodifiableSortedMap(new TreeMap<>(byName)));
            }
          });
      return new Snapshot(copy);
    }
  }
}
