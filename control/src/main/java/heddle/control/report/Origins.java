package heddle.control.report;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Struct;
import heddle.mesh.model.Provenance;
import heddle.xds.ResourceType;
import heddle.xds.ads.Nack;
import heddle.xds.snapshot.Snapshot;
import heddle.xds.snapshot.VersionedResource;
import io.envoyproxy.envoy.config.core.v3.Metadata;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Finds the resource and the field that a refused piece of xDS came from, by the metadata that the
 * compiler writes on clusters, listeners, virtual hosts and routes.
 *
 * <p>A refusal is text. The piece to blame is the one that has the longest of the words which the
 * text repeats: a route's regular expression, a virtual host's domain, a cluster's name.
 */
public final class Origins {
  private static final String KEY = "heddle";
  private static final int SHORTEST_WORD = 4;

  /** A piece with an origin of its own, and the texts in it that belong to no smaller piece. */
  private record Piece(Provenance origin, List<String> texts) {
    int longestIn(String refusal) {
      return texts.stream()
          .filter(text -> text.length() >= SHORTEST_WORD && refusal.contains(text))
          .mapToInt(String::length)
          .max()
          .orElse(0);
    }
  }

  private Origins() {}

  /**
   * The origins of what was refused, one for each resource; empty where it is not clear. A field is
   * left out where a resource has several to blame.
   */
  public static List<Provenance> of(Nack nack, Snapshot snapshot) {
    List<String> named = nack.resources().stream().filter(nack.message()::contains).toList();
    // One that names none of many may mean any: then it must all come from one resource.
    return named.isEmpty()
        ? only(blamed(nack.resources(), nack, snapshot))
        : byResource(
            named.stream()
                .flatMap(name -> only(blamed(List.of(name), nack, snapshot)).stream())
                .toList());
  }

  private static List<Provenance> blamed(List<String> names, Nack nack, Snapshot snapshot) {
    // Endpoints carry the pods' names; it is their cluster that a resource decided.
    ResourceType type = nack.type() == ResourceType.ENDPOINTS ? ResourceType.CLUSTER : nack.type();
    List<Message> refused =
        names.stream()
            .flatMap(name -> snapshot.resource(type, name).stream())
            .map(VersionedResource::message)
            .toList();
    List<Piece> pieces = new ArrayList<>();
    refused.forEach(resource -> collect(resource, new ArrayList<>(), pieces));
    int longest = pieces.stream().mapToInt(one -> one.longestIn(nack.message())).max().orElse(0);
    List<Provenance> whole = refused.stream().flatMap(one -> read(one).stream()).toList();
    return longest == 0 && !whole.isEmpty()
        ? whole
        : pieces.stream()
            .filter(piece -> piece.longestIn(nack.message()) == longest)
            .map(Piece::origin)
            .toList();
  }

  /** Nothing unless all are of one resource. */
  private static List<Provenance> only(List<Provenance> origins) {
    List<Provenance> resources = byResource(origins);
    return resources.size() == 1 ? resources : List.of();
  }

  private static List<Provenance> byResource(List<Provenance> origins) {
    Map<Provenance, Provenance> byResource = new LinkedHashMap<>();
    for (Provenance origin : origins) {
      Provenance resource = new Provenance(origin.kind(), origin.namespace(), origin.name(), "");
      byResource.merge(resource, origin, (one, other) -> one.equals(other) ? one : resource);
    }
    return List.copyOf(byResource.values());
  }

  /**
   * @param texts of the piece that the message belongs to
   */
  private static void collect(Message message, List<String> texts, List<Piece> pieces) {
    Optional<Provenance> own = read(message);
    List<String> mine = own.isPresent() ? new ArrayList<>() : texts;
    for (Object value : message.getAllFields().values()) {
      for (Object item : value instanceof List<?> list ? list : List.of(value)) {
        switch (item) {
          case String text -> mine.add(text);
          case Metadata ignored -> {
            // Says where the message is from, not what it is.
          }
          case Any packed -> unpacked(packed).ifPresent(one -> collect(one, mine, pieces));
          case Message part -> collect(part, mine, pieces);
          default -> {
            // Numbers do not name anything.
          }
        }
      }
    }
    own.ifPresent(origin -> pieces.add(new Piece(origin, mine)));
  }

  private static Optional<Message> unpacked(Any packed) {
    try {
      return packed.is(HttpConnectionManager.class)
          ? Optional.of(packed.unpack(HttpConnectionManager.class))
          : Optional.empty();
    } catch (InvalidProtocolBufferException e) {
      return Optional.empty(); // What a data plane cannot read either names nothing.
    }
  }

  /** The origin that a message carries itself. */
  private static Optional<Provenance> read(Message message) {
    return message.getAllFields().values().stream()
        .filter(Metadata.class::isInstance)
        .map(Metadata.class::cast)
        .map(metadata -> metadata.getFilterMetadataMap().get(KEY))
        .filter(origin -> origin != null && !text(origin, "kind").isEmpty())
        .map(
            origin ->
                new Provenance(
                    text(origin, "kind"),
                    text(origin, "namespace"),
                    text(origin, "name"),
                    text(origin, "field")))
        .findFirst();
  }

  private static String text(Struct struct, String field) {
    var value = struct.getFieldsMap().get(field);
    return value == null ? "" : value.getStringValue();
  }
}
