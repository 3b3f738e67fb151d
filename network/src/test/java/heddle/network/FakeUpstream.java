package heddle.network;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;

/** A name server on the host's loopback that answers every question with one address. */
final class FakeUpstream implements AutoCloseable {
  private final String answer;
  private final DatagramSocket datagrams;
  private final ServerSocket streams;
  private final Thread[] threads;

  FakeUpstream(String answer) throws IOException {
    this.answer = answer;
    InetAddress loopback = InetAddress.getByName("127.0.0.1");
    datagrams = new DatagramSocket(0, loopback);
    streams = new ServerSocket(datagrams.getLocalPort(), 10, loopback);
    threads =
        new Thread[] {
          Thread.ofVirtual().start(this::serveDatagrams),
          Thread.ofVirtual().start(this::serveStreams)
        };
  }

  InetSocketAddress address() {
    return new InetSocketAddress("127.0.0.1", datagrams.getLocalPort());
  }

  private byte[] answer(byte[] message) {
    try {
      DnsQuery query = DnsQuery.parse(message);
      var record = new DnsRecord(query.name(), 60, new DnsRecord.Address(Cidr.ipv4(answer)));
      return DnsReply.write(message, query, 0, false, List.of(record), List.of(), List.of(), 512);
    } catch (DnsQuery.Malformed e) {
      throw new AssertionError("forwarded queries are well formed", e);
    }
  }

  private void serveDatagrams() {
    try {
      while (true) {
        DatagramPacket packet = new DatagramPacket(new byte[1500], 1500);
        datagrams.receive(packet);
        byte[] reply = answer(Arrays.copyOf(packet.getData(), packet.getLength()));
        datagrams.send(new DatagramPacket(reply, reply.length, packet.getSocketAddress()));
      }
    } catch (SocketException e) {
      return; // closed
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private void serveStreams() {
    try {
      while (true) {
        try (Socket peer = streams.accept()) {
          DataInputStream in = new DataInputStream(peer.getInputStream());
          byte[] reply = answer(in.readNBytes(in.readUnsignedShort()));
          ByteBuffer framed = ByteBuffer.allocate(reply.length + 2);
          peer.getOutputStream().write(framed.putShort((short) reply.length).put(reply).array());
        }
      }
    } catch (SocketException e) {
      return; // closed
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() throws Exception {
    datagrams.close();
    streams.close();
    for (Thread thread : threads) {
      thread.join();
    }
  }
}
