package heddle.proxy;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** A name server on a free UDP port: every name has the addresses it was given last. */
final class ScriptedDns implements AutoCloseable {
  private static final int TYPE_A = 1;

  private final DatagramSocket socket;
  private final AtomicInteger answers = new AtomicInteger();
  private volatile List<String> addresses;

  ScriptedDns(String... addresses) throws IOException {
    this.addresses = List.of(addresses);
    this.socket = new DatagramSocket(0, InetAddress.getByName("127.0.0.1"));
    Thread.ofVirtual().start(this::serve);
  }

  void addresses(String... next) {
    addresses = List.of(next);
  }

  int answers() {
    return answers.get();
  }

  InetSocketAddress address() {
    return new InetSocketAddress("127.0.0.1", socket.getLocalPort());
  }

  private void serve() {
    var query = new DatagramPacket(new byte[512], 512);
    while (!socket.isClosed()) {
      try {
        socket.receive(query);
        byte[] answer = answer(ByteBuffer.wrap(query.getData(), 0, query.getLength()));
        socket.send(new DatagramPacket(answer, answer.length, query.getSocketAddress()));
        answers.incrementAndGet();
      } catch (IOException closed) {
        return;
      }
    }
  }

  /** The question comes back with an address record per address, if it asked for those. */
  private byte[] answer(ByteBuffer query) throws IOException {
    short id = query.getShort(0);
    int end = 12;
    while (query.get(end) != 0) {
      end += query.get(end) + 1;
    }
    end += 5; // root label, type, class
    List<String> found = query.getShort(end - 4) == TYPE_A ? addresses : List.of();
    var out = ByteBuffer.allocate(512);
    out.putShort(id).putShort((short) 0x8180).putShort((short) 1).putShort((short) found.size());
    out.putInt(0).put(query.array(), 12, end - 12);
    for (String address : found) {
      out.putShort((short) 0xc00c).putShort((short) TYPE_A).putShort((short) 1).putInt(60);
      out.putShort((short) 4).put(InetAddress.getByName(address).getAddress());
    }
    byte[] bytes = new byte[out.flip().remaining()];
    out.get(bytes);
    return bytes;
  }

  @Override
  public void close() {
    socket.close();
  }
}
