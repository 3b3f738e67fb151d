package heddle.network;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The cluster's name server, by UDP and TCP. Its sockets belong to the node; its threads are
 * virtual ones of the host, so that questions to the host's servers go out there.
 */
final class DnsServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(DnsServer.class);
  private static final int IDLE_MILLIS = 10_000;
  private static final int CONNECTIONS = 256;

  private final DnsResponder responder;
  private final DatagramChannel datagrams;
  private final ServerSocketChannel streams;
  private final ExecutorService threads;
  private final Semaphore free = new Semaphore(CONNECTIONS);

  private DnsServer(
      DnsResponder responder, DatagramChannel datagrams, ServerSocketChannel streams) {
    this.responder = responder;
    this.datagrams = datagrams;
    this.streams = streams;
    this.threads = Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("dns-", 0).factory());
  }

  /** Starts to serve on an address of the node. */
  static DnsServer start(
      NodeThreads node, Namespace namespace, DnsResponder responder, InetSocketAddress at)
      throws Exception {
    DatagramChannel datagrams =
        node.call(namespace, () -> DatagramChannel.open(StandardProtocolFamily.INET));
    ServerSocketChannel streams =
        node.call(namespace, () -> ServerSocketChannel.open(StandardProtocolFamily.INET));
    try {
      datagrams.bind(at);
      streams.bind(at);
    } catch (IOException e) {
      datagrams.close();
      streams.close();
      throw new NetworkException("the name server cannot bind " + at + ": " + e.getMessage(), e);
    }
    DnsServer server = new DnsServer(responder, datagrams, streams);
    server.threads.execute(server::serveDatagrams);
    server.threads.execute(server::serveStreams);
    return server;
  }

  private void serveDatagrams() {
    ByteBuffer buffer = ByteBuffer.allocateDirect(DnsReply.LARGEST_MESSAGE);
    while (datagrams.isOpen()) {
      try {
        buffer.clear();
        SocketAddress from = datagrams.receive(buffer);
        buffer.flip();
        byte[] message = new byte[buffer.remaining()];
        buffer.get(message);
        threads.execute(() -> reply(message, from));
      } catch (ClosedChannelException e) {
        return;
      } catch (IOException e) {
        LOG.warn("the name server cannot receive: {}", e.toString());
      }
    }
  }

  private void reply(byte[] message, SocketAddress to) {
    responder
        .answer(message, false)
        .ifPresent(
            answer -> {
              try {
                datagrams.send(ByteBuffer.wrap(answer), to);
              } catch (IOException e) {
                LOG.debug("no answer to {}: {}", to, e.toString());
              }
            });
  }

  private void serveStreams() {
    while (streams.isOpen()) {
      try {
        SocketChannel peer = streams.accept();
        if (free.tryAcquire()) {
          threads.execute(() -> converse(peer));
        } else {
          peer.close();
        }
      } catch (ClosedChannelException e) {
        return;
      } catch (IOException e) {
        LOG.warn("the name server cannot accept: {}", e.toString());
      }
    }
  }

  private void converse(SocketChannel peer) {
    try (peer) {
      Socket socket = peer.socket();
      socket.setSoTimeout(IDLE_MILLIS);
      DataInputStream in = new DataInputStream(socket.getInputStream());
      while (true) {
        byte[] message = in.readNBytes(in.readUnsignedShort());
        byte[] answer = responder.answer(message, true).orElseThrow(EOFException::new);
        ByteBuffer framed = ByteBuffer.allocate(answer.length + 2);
        framed.putShort((short) answer.length).put(answer);
        socket.getOutputStream().write(framed.array());
      }
    } catch (IOException e) {
      LOG.debug("a name server's connection ended: {}", e.toString());
    } finally {
      free.release();
    }
  }

  @Override
  public void close() {
    try {
      datagrams.close();
      streams.close();
    } catch (IOException e) {
      LOG.warn("the name server's sockets do not close: {}", e.toString());
    }
    threads.shutdownNow();
    threads.close();
  }
}
