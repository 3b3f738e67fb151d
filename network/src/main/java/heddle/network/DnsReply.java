package heddle.network;

import java.nio.BufferOverflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Writes DNS answers, with compressed names, cut to the size that the asker takes. */
final class DnsReply {
  /** What fits into an Ethernet frame everywhere (DNS flag day 2020). */
  static final int LARGEST_DATAGRAM = 1232;

  static final int LARGEST_MESSAGE = 65_535;

  private static final int ANSWER = 0x8000;
  private static final int AUTHORITATIVE = 0x0400;
  private static final int TRUNCATED = 0x0200;
  private static final int RECURSION_AVAILABLE = 0x0080;
  private static final int KEPT_FLAGS = 0x0110; // RD and CD travel back
  private static final int OPT_SIZE = 11;

  private final ByteBuffer out;
  private final Map<String, Integer> offsets = new HashMap<>();

  private DnsReply(int limit) {
    this.out = ByteBuffer.allocate(limit);
  }

  /** The header alone, for messages whose question cannot be read. */
  static byte[] failure(int id, int flags, int code) {
    ByteBuffer out = ByteBuffer.allocate(DnsQuery.HEADER);
    out.putShort((short) id).putShort((short) (ANSWER | (flags & 0x7900) | code));
    return out.array();
  }

  /** An answer without records. */
  static byte[] failure(byte[] message, DnsQuery query, int code) {
    return write(message, query, code, false, List.of(), List.of(), List.of(), 512);
  }

  /**
   * Writes an answer. When the answers do not all fit into the limit, as many as fit are written
   * and TC is set; additional records are left out silently (RFC 2181 §9).
   */
  static byte[] write(
      byte[] message,
      DnsQuery query,
      int code,
      boolean authoritative,
      List<DnsRecord> answers,
      List<DnsRecord> authorities,
      List<DnsRecord> additional,
      int limit) {
    DnsReply reply = new DnsReply(limit);
    ByteBuffer out = reply.out;
    int flags = ANSWER | RECURSION_AVAILABLE | (query.flags() & KEPT_FLAGS) | (code & 15);
    out.position(DnsQuery.HEADER);
    out.put(message, DnsQuery.HEADER, query.questionEnd() - DnsQuery.HEADER);
    reply.remember(query.name(), DnsQuery.HEADER);
    out.limit(limit - (query.edns() ? OPT_SIZE : 0));
    int written = reply.records(answers);
    boolean all = written == answers.size();
    int authority = all ? reply.records(authorities) : 0;
    int more = all ? reply.records(additional) : 0;
    out.limit(limit);
    if (query.edns()) {
      out.put((byte) 0).putShort((short) DnsCode.OPT).putShort((short) LARGEST_DATAGRAM);
      out.putInt(code >> 4 << 24).putShort((short) 0);
    }
    flags |= (authoritative ? AUTHORITATIVE : 0) | (all ? 0 : TRUNCATED);
    out.putShort(0, (short) query.id()).putShort(2, (short) flags).putShort(4, (short) 1);
    out.putShort(6, (short) written).putShort(8, (short) authority);
    out.putShort(10, (short) (more + (query.edns() ? 1 : 0)));
    byte[] bytes = new byte[out.position()];
    out.get(0, bytes);
    return bytes;
  }

  private int records(List<DnsRecord> records) {
    int count = 0;
    for (DnsRecord record : records) {
      int start = out.position();
      try {
        record(record);
        count++;
      } catch (BufferOverflowException e) {
        out.position(start);
        offsets.values().removeIf(offset -> offset >= start);
        return count;
      }
    }
    return count;
  }

  private void record(DnsRecord record) {
    name(record.owner());
    int type =
        switch (record.data()) {
          case DnsRecord.Address a -> DnsCode.A;
          case DnsRecord.Pointer p -> p.type();
          case DnsRecord.Service s -> DnsCode.SRV;
          case DnsRecord.Text t -> DnsCode.TXT;
          case DnsRecord.Authority a -> DnsCode.SOA;
          case DnsRecord.Foreign f -> f.type();
        };
    out.putShort((short) type).putShort((short) 1).putInt(record.ttl()).putShort((short) 0);
    int start = out.position();
    data(record.data());
    out.putShort(start - 2, (short) (out.position() - start));
  }

  private void data(DnsRecord.Data data) {
    switch (data) {
      case DnsRecord.Address a -> out.put(a.address().getAddress());
      case DnsRecord.Pointer p -> name(p.target());
      case DnsRecord.Service s -> {
        out.putShort((short) s.priority()).putShort((short) s.weight()).putShort((short) s.port());
        whole(s.target()); // RFC 2782: not compressed
      }
      case DnsRecord.Text t -> {
        byte[] text = t.text().getBytes(StandardCharsets.US_ASCII);
        out.put((byte) text.length).put(text);
      }
      case DnsRecord.Authority a -> {
        name("ns.dns." + a.zone());
        name("hostmaster." + a.zone());
        out.putInt(a.serial()).putInt(7200).putInt(1800).putInt(86_400).putInt(a.minimum());
      }
      case DnsRecord.Foreign f -> out.put(f.bytes());
    }
  }

  /** Writes a name, pointing to an earlier one where their ends are the same. */
  private void name(String name) {
    String rest = name;
    while (!rest.isEmpty()) {
      Integer known = offsets.get(rest.toLowerCase(Locale.ROOT));
      if (known != null) {
        out.putShort((short) (0xc000 | known));
        return;
      }
      if (out.position() < 0x4000) {
        offsets.put(rest.toLowerCase(Locale.ROOT), out.position());
      }
      rest = label(rest);
    }
    out.put((byte) 0);
  }

  private void whole(String name) {
    String rest = name;
    while (!rest.isEmpty()) {
      rest = label(rest);
    }
    out.put((byte) 0);
  }

  private String label(String rest) {
    int dot = rest.indexOf('.');
    byte[] label = (dot < 0 ? rest : rest.substring(0, dot)).getBytes(StandardCharsets.ISO_8859_1);
    out.put((byte) label.length).put(label);
    return dot < 0 ? "" : rest.substring(dot + 1);
  }

  private void remember(String name, int offset) {
    int at = offset;
    String rest = name;
    while (!rest.isEmpty() && !name.contains("\\")) {
      offsets.put(rest.toLowerCase(Locale.ROOT), at);
      int dot = rest.indexOf('.');
      if (dot < 0) {
        return;
      }
      at += dot + 1;
      rest = rest.substring(dot + 1);
    }
  }
}
