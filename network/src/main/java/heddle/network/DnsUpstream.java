package heddle.network;

import heddle.network.DnsQuery.DnsReader;
import heddle.network.DnsQuery.Malformed;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.random.RandomGenerator;

/**
 * Asks the host's name servers, one after the other, from the host's namespace: call it on threads
 * that are there. It blocks, for {@value #PATIENCE_MILLIS} ms per server at most.
 */
final class DnsUpstream {
  private static final int PATIENCE_MILLIS = 2_000;
  private static final int QUESTIONS_AT_ONCE = 256;

  private final List<InetSocketAddress> servers;
  private final RandomGenerator random;
  private final Semaphore free = new Semaphore(QUESTIONS_AT_ONCE);

  /**
   * @param random source of query ids; must not be guessable
   */
  DnsUpstream(List<InetSocketAddress> servers, RandomGenerator random) {
    this.servers = servers;
    this.random = random;
  }

  /** The first answer of a server, under the id of the question; empty when none answers. */
  Optional<byte[]> ask(byte[] message, boolean stream) {
    if (!free.tryAcquire()) {
      return Optional.empty();
    }
    try {
      for (InetSocketAddress server : servers) {
        byte[] question = message.clone();
        int id = random.nextInt();
        question[0] = (byte) (id >> 8);
        question[1] = (byte) id;
        try {
          byte[] reply = stream ? byStream(server, question) : byDatagram(server, question);
          reply[0] = message[0];
          reply[1] = message[1];
          return Optional.of(reply);
        } catch (IOException e) {
          continue; // this server does not answer; the next one may
        }
      }
      return Optional.empty();
    } finally {
      free.release();
    }
  }

  private static byte[] byDatagram(InetSocketAddress server, byte[] question) throws IOException {
    try (DatagramSocket socket = new DatagramSocket()) {
      socket.connect(server);
      socket.setSoTimeout(PATIENCE_MILLIS);
      socket.send(new DatagramPacket(question, question.length));
      byte[] buffer = new byte[DnsReply.LARGEST_MESSAGE];
      while (true) {
        DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
        socket.receive(packet);
        byte[] reply = Arrays.copyOf(buffer, packet.getLength());
        if (belongs(question, reply)) {
          return reply;
        }
      }
    }
  }

  private static byte[] byStream(InetSocketAddress server, byte[] question) throws IOException {
    try (Socket socket = new Socket()) {
      socket.connect(server, PATIENCE_MILLIS);
      socket.setSoTimeout(PATIENCE_MILLIS);
      OutputStream out = socket.getOutputStream();
      ByteBuffer framed = ByteBuffer.allocate(question.length + 2);
      out.write(framed.putShort((short) question.length).put(question).array());
      DataInputStream in = new DataInputStream(socket.getInputStream());
      byte[] reply = in.readNBytes(in.readUnsignedShort());
      if (!belongs(question, reply)) {
        throw new IOException("answer to another question");
      }
      return reply;
    }
  }

  private static boolean belongs(byte[] question, byte[] reply) {
    return reply.length >= DnsQuery.HEADER
        && reply[0] == question[0]
        && reply[1] == question[1]
        && (reply[2] & 0x80) != 0;
  }

  /** A query for one name, with id 0. */
  static byte[] question(String name, int type) {
    ByteBuffer out = ByteBuffer.allocate(512);
    out.putShort((short) 0).putShort((short) 0x100).putShort((short) 1);
    out.position(DnsQuery.HEADER);
    for (String label : name.split("\\.")) {
      byte[] bytes = label.getBytes(StandardCharsets.ISO_8859_1);
      out.put((byte) bytes.length).put(bytes);
    }
    out.put((byte) 0).putShort((short) type).putShort((short) 1);
    return Arrays.copyOf(out.array(), out.position());
  }

  /** The aliases and addresses in an answer; none when it cannot be read. */
  static List<DnsRecord> answers(byte[] reply) {
    List<DnsRecord> records = new ArrayList<>();
    try {
      DnsReader in = new DnsReader(reply);
      in.skip(4);
      int questions = in.u16();
      int answers = in.u16();
      in.skip(4);
      for (int i = 0; i < questions; i++) {
        in.name();
        in.skip(4);
      }
      for (int i = 0; i < answers; i++) {
        record(in).ifPresent(records::add);
      }
      return records;
    } catch (Malformed e) {
      return List.of(); // as if the server had said nothing
    }
  }

  private static Optional<DnsRecord> record(DnsReader in) throws Malformed {
    String owner = in.name();
    int type = in.u16();
    in.skip(2);
    int ttl = in.i32();
    int length = in.u16();
    return switch (type) {
      case DnsCode.CNAME ->
          Optional.of(new DnsRecord(owner, ttl, new DnsRecord.Pointer(type, in.name())));
      case DnsCode.A, DnsCode.AAAA, DnsCode.TXT ->
          Optional.of(new DnsRecord(owner, ttl, new DnsRecord.Foreign(type, in.bytes(length))));
      default -> {
        in.skip(length);
        yield Optional.empty();
      }
    };
  }
}
