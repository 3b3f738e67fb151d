package heddle.xds.ads;

import heddle.xds.ResourceType;
import heddle.xds.snapshot.Snapshot;
import heddle.xds.snapshot.VersionedResource;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What one stream has asked for and been sent of one type. Owned by the stream's serial executor.
 */
final class TypeState {
  final ResourceType type;

  /** Whether any request for the type has come. */
  boolean subscribed;

  boolean wildcard;
  final Set<String> names = new LinkedHashSet<>();

  /** Name to version of what the node holds or was offered last. */
  final SortedMap<String, String> sent = new TreeMap<>();

  /** Delta: names asked for that do not exist and must be answered as removed. */
  final Set<String> unknownAsked = new TreeSet<>();

  /** The first request for a complete set is answered even if there is nothing. */
  boolean answerOwed;

  String nonce = "";
  boolean awaitingAck;
  boolean rejected;

  /** What the node said when it refused; empty unless {@link #rejected}. */
  String refusal = "";

  String offeredVersion = "";
  String acceptedVersion = "";
  List<String> offeredNames = List.of();

  TypeState(ResourceType type) {
    this.type = type;
  }

  /** Whether the node asks for a name, if there is such a resource. */
  boolean wants(String name) {
    return wildcard || names.contains(name);
  }

  /** The resources of a snapshot that the node wants. */
  SortedMap<String, VersionedResource> wanted(Snapshot target) {
    SortedMap<String, VersionedResource> all = target.resources(type);
    if (wildcard) {
      return all;
    }
    SortedMap<String, VersionedResource> wanted = new TreeMap<>();
    for (String name : names) {
      VersionedResource resource = all.get(name);
      if (resource != null) {
        wanted.put(name, resource);
      }
    }
    return wanted;
  }

  /** Those that the node lacks or has in another version. */
  List<VersionedResource> lacking(SortedMap<String, VersionedResource> wanted) {
    List<VersionedResource> lacking = new ArrayList<>();
    for (VersionedResource resource : wanted.values()) {
      if (!resource.version().equals(sent.get(resource.name()))) {
        lacking.add(resource);
      }
    }
    return lacking;
  }

  /** Those that the node has and the snapshot has not. */
  List<String> surplus(SortedMap<String, VersionedResource> wanted) {
    List<String> surplus = new ArrayList<>();
    for (String name : sent.keySet()) {
      if (!wanted.containsKey(name)) {
        surplus.add(name);
      }
    }
    return surplus;
  }

  /** Whether the node has accepted all it wants of a snapshot, and no more. */
  boolean settled(Snapshot target) {
    if (!subscribed) {
      return true;
    }
    SortedMap<String, VersionedResource> wanted = wanted(target);
    return !awaitingAck && !rejected && lacking(wanted).isEmpty() && surplus(wanted).isEmpty();
  }
}
