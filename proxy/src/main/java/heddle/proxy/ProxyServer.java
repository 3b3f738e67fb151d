package heddle.proxy;

import heddle.proxy.applier.SupportedFields;
import heddle.proxy.socket.Transport;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;

/** Hosts many sidecars on shared event loops. */
public final class ProxyServer implements AutoCloseable {
  private final Transport transport;
  private final EventLoopGroup loops;
  private final SupportedFields supported = new SupportedFields();

  /**
   * @param loops number of event loops; each sidecar lives on one of them
   * @param threads makes their threads; a thread must be in the node's network namespace when it
   *     runs, if the sidecars' namespaces are entered from there
   * @param transport {@link Transport#best()} outside tests
   */
  public ProxyServer(int loops, ThreadFactory threads, Transport transport) {
    this.transport = transport;
    this.loops = new MultiThreadIoEventLoopGroup(loops, threads, transport.ioHandler());
  }

  /**
   * Creates a sidecar. It serves nothing until configuration reaches it, through {@link
   * Sidecar#connect} or {@link Sidecar#apply}.
   */
  public Sidecar sidecar(SidecarOptions options) {
    return new Sidecar(options, loops.next(), transport, supported);
  }

  /** Stops the event loops; sidecars that are still there lose their connections. */
  @Override
  public void close() {
    loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
  }
}
