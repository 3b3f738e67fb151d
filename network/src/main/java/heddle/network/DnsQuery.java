package heddle.network;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The one question of a DNS query (RFC 1035 §4.1), and what it says about answers.
 *
 * @param id identifies the query to its sender
 * @param flags the header's flag word
 * @param name the name as asked, without the trailing dot; dots inside labels are escaped
 * @param type the QTYPE
 * @param questionEnd where the question ends in the message
 * @param payload how many bytes the sender takes by UDP: 512, or as EDNS0 says
 * @param edns whether the query has an OPT record, so that the answer needs one too
 * @param ednsVersion version of that record
 */
record DnsQuery(
    int id,
    int flags,
    String name,
    int type,
    int questionEnd,
    int payload,
    boolean edns,
    int ednsVersion) {
  static final int HEADER = 12;
  private static final int OPT = 41;
  private static final int IN = 1;
  private static final int ANY_CLASS = 255;

  /** What is wrong with a message, as the RCODE that says so. */
  static final class Malformed extends Exception {
    private static final long serialVersionUID = 1L;
    private final int code;

    Malformed(int code, String message) {
      super(message);
      this.code = code;
    }

    int code() {
      return code;
    }
  }

  boolean recursionDesired() {
    return (flags & 0x100) != 0;
  }

  /**
   * Reads a query.
   *
   * @throws Malformed with FORMERR, NOTIMP or REFUSED
   */
  static DnsQuery parse(byte[] message) throws Malformed {
    DnsReader in = new DnsReader(message);
    int id = in.u16();
    int flags = in.u16();
    if ((flags & 0x7800) != 0) {
      throw new Malformed(DnsCode.NOT_IMPLEMENTED, "opcode " + (flags >> 11 & 15));
    }
    int questions = in.u16();
    int others = in.u16() + in.u16();
    int additional = in.u16();
    if (questions != 1) {
      throw new Malformed(DnsCode.FORMAT_ERROR, questions + " questions (expected: 1)");
    }
    String name = in.name();
    int type = in.u16();
    int klass = in.u16();
    if (klass != IN && klass != ANY_CLASS) {
      throw new Malformed(DnsCode.REFUSED, "class " + klass);
    }
    int end = in.position();
    for (int i = 0; i < others + additional; i++) {
      in.name();
      int recordType = in.u16();
      int size = in.u16();
      int ttl = in.i32();
      in.skip(in.u16());
      if (recordType == OPT && i >= others) {
        int payload = Math.clamp(size, 512, DnsReply.LARGEST_DATAGRAM);
        return new DnsQuery(id, flags, name, type, end, payload, true, ttl >> 16 & 0xff);
      }
    }
    return new DnsQuery(id, flags, name, type, end, 512, false, 0);
  }

  /** Reads the fields of a message; running past its end is a format error. */
  static final class DnsReader {
    private static final int LONGEST_NAME = 255;
    private final byte[] message;
    private int at;

    DnsReader(byte[] message) {
      this.message = message;
    }

    int position() {
      return at;
    }

    int u8() throws Malformed {
      if (at >= message.length) {
        throw new Malformed(DnsCode.FORMAT_ERROR, "message ends at byte " + at);
      }
      return message[at++] & 0xff;
    }

    int u16() throws Malformed {
      return u8() << 8 | u8();
    }

    int i32() throws Malformed {
      return u16() << 16 | u16();
    }

    void skip(int bytes) throws Malformed {
      if (bytes > message.length - at) {
        throw new Malformed(DnsCode.FORMAT_ERROR, "record runs past the end of the message");
      }
      at += bytes;
    }

    byte[] bytes(int count) throws Malformed {
      int start = at;
      skip(count);
      return Arrays.copyOfRange(message, start, at);
    }

    /** A name, following compression pointers, which must lead backwards (so they end). */
    String name() throws Malformed {
      StringBuilder name = new StringBuilder();
      int wire = 1;
      int resume = -1;
      int limit = at;
      for (int length = u8(); length != 0; length = u8()) {
        if ((length & 0xc0) == 0xc0) {
          int target = (length & 0x3f) << 8 | u8();
          if (target >= limit) {
            throw new Malformed(DnsCode.FORMAT_ERROR, "compression pointer leads forward");
          }
          resume = resume < 0 ? at : resume;
          at = target;
          limit = target;
          continue;
        }
        if (length > 63) {
          throw new Malformed(DnsCode.FORMAT_ERROR, "label type " + (length >> 6));
        }
        wire += length + 1;
        if (wire > LONGEST_NAME) {
          throw new Malformed(DnsCode.FORMAT_ERROR, "name longer than 255 bytes");
        }
        String label = new String(bytes(length), StandardCharsets.ISO_8859_1);
        name.append(name.isEmpty() ? "" : ".").append(label.replace(".", "\\."));
      }
      at = resume < 0 ? at : resume;
      return name.toString();
    }
  }
}
