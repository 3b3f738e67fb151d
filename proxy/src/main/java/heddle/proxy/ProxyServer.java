package heddle.proxy;

import heddle.proxy.applier.SupportedFields;
import heddle.proxy.socket.Transport;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Hosts many sidecars on shared event loops. */
public final class ProxyServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ProxyServer.class);

  private final ThreadFactory threads;
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
    this.threads = threads;
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

  /**
   * Loads what the first request would otherwise wait for (some 300 ms in a fresh process), by
   * requests of its own on 127.0.0.1, on threads of its own. Call it where the process has nothing
   * better to do; nothing depends on it.
   *
   * @return when it is done; fails, after a line in the log, when it could not be
   */
  public CompletableFuture<Void> warmUp() {
    var done = new CompletableFuture<Void>();
    threads
        .newThread(
            () -> {
              try {
                WarmUp.run(threads, transport);
                done.complete(null);
              } catch (IOException | RuntimeException e) {
                LOG.warn("the proxy was not warmed up: {}", e.toString());
                done.completeExceptionally(e);
              }
            })
        .start();
    return done;
  }

  /** Stops the event loops; sidecars that are still there lose their connections. */
  @Override
  public void close() {
    loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
  }
}
