package heddle.network;

import heddle.network.DnsQuery.Malformed;
import heddle.network.DnsZones.Lookup;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/** Turns one DNS message into its answer. Bad messages have an answer too, or none at all. */
final class DnsResponder {
  private final Supplier<DnsZones> zones;
  private final DnsUpstream upstream;
  private final RandomGenerator random;

  DnsResponder(Supplier<DnsZones> zones, DnsUpstream upstream, RandomGenerator random) {
    this.zones = zones;
    this.upstream = upstream;
    this.random = random;
  }

  /**
   * The answer to a message; empty for what deserves none (answers, scraps).
   *
   * @param stream whether the message came by TCP, so that the answer may be long
   */
  Optional<byte[]> answer(byte[] message, boolean stream) {
    if (message.length < DnsQuery.HEADER || (message[2] & 0x80) != 0) {
      return Optional.empty();
    }
    DnsQuery query;
    try {
      query = DnsQuery.parse(message);
    } catch (Malformed e) {
      int id = (message[0] & 0xff) << 8 | (message[1] & 0xff);
      int flags = (message[2] & 0xff) << 8 | (message[3] & 0xff);
      return Optional.of(DnsReply.failure(id, flags, e.code()));
    }
    if (query.ednsVersion() > 0) {
      return Optional.of(DnsReply.failure(message, query, DnsCode.BAD_VERSION));
    }
    int limit = stream ? DnsReply.LARGEST_MESSAGE : query.payload();
    String name = query.name().toLowerCase(Locale.ROOT);
    return Optional.of(
        switch (zones.get().lookup(name, query.type(), random)) {
          case Lookup.Known known -> known(message, query, known, limit);
          case Lookup.Elsewhere e when e.aliases().isEmpty() -> forward(message, query, stream);
          case Lookup.Elsewhere e -> follow(message, query, e, limit);
        });
  }

  private static byte[] known(byte[] message, DnsQuery query, Lookup.Known known, int limit) {
    return DnsReply.write(
        message,
        query,
        known.exists() ? DnsCode.NO_ERROR : DnsCode.NO_SUCH_NAME,
        true,
        known.answers(),
        known.authority(),
        known.additional(),
        limit);
  }

  private byte[] forward(byte[] message, DnsQuery query, boolean stream) {
    return upstream
        .ask(message, stream)
        .orElseGet(() -> DnsReply.failure(message, query, DnsCode.SERVER_FAILURE));
  }

  /** An ExternalName service: its alias, and what others say about the name behind it. */
  private byte[] follow(byte[] message, DnsQuery query, Lookup.Elsewhere alias, int limit) {
    byte[] question = DnsUpstream.question(alias.name(), query.type());
    List<DnsRecord> answers = new ArrayList<>(alias.aliases());
    upstream.ask(question, true).ifPresent(reply -> answers.addAll(DnsUpstream.answers(reply)));
    return DnsReply.write(
        message, query, DnsCode.NO_ERROR, true, answers, List.of(), List.of(), limit);
  }
}
