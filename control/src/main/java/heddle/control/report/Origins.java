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
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

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

  /** The origin of what was refused; empty unless it is clear. */
  public static Optional<Provenance> of(Nack nack, Snapshot snapshot) {
    // Endpoints carry the pods' names; it is their cluster that a resource decided.
    ResourceType named = nack.type() == ResourceType.ENDPOINTS ? ResourceType.CLUSTER : nack.type();
    List<Piece> pieces = new ArrayList<>();
    List<Provenance> whole = new ArrayList<>();
    for (String name : nack.resources()) {
      snapshot
          .resource(named, name)
          .map(VersionedResource::message)
          .ifPresent(
              resource -> {
                collect(resource, new ArrayList<>(), pieces);
                read(resource).ifPresent(whole::add);
              });
    }
    int longest =
        pieces.stream()
            .map(piece -> piece.longestIn(nack.message()))
            .max(Comparator.naturalOrder())
            .orElse(0);
    if (longest > 0) {
      return only(
          pieces.stream()
              .filter(piece -> piece.longestIn(nack.message()) == longest)
              .map(Piece::origin)
              .toList());
    }
    return only(whole.isEmpty() ? pieces.stream().map(Piece::origin).toList() : whole);
  }

  /** One of many if all are of one resource: with its field if that is the same, too. */
  private static Optional<Provenance> only(Collection<Provenance> origins) {
    Set<Provenance> distinct = Set.copyOf(origins);
    Set<Provenance> resources =
        distinct.stream()
            .map(one -> new Provenance(one.kind(), one.namespace(), one.name(), ""))
            .collect(Collectors.toSet());
    if (resources.size() != 1) {
      return Optional.empty();
    }
    return Optional.of((distinct.size() == 1 ? distinct : resources).iterator().next());
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
