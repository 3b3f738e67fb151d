package heddle.network;

import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Makes threads that live in a node's namespace, for event loops which open sockets in pods: on
 * such a thread {@link PodNetwork#within} and {@link NodeNetwork#inNode} run in place, for two
 * system calls.
 *
 * <p>A thread that such a thread starts lives in the node's namespace too, so it must start none
 * that opens sockets of the host. Virtual threads may be started and woken: {@link HostCarriers}
 * sees to it that they stay in the host's namespace.
 */
public final class NodeThreadFactory implements ThreadFactory {
  private final Namespace node;
  private final String prefix;
  private final AtomicInteger count = new AtomicInteger();

  NodeThreadFactory(Namespace node, String prefix) {
    this.node = node;
    this.prefix = prefix;
  }

  @Override
  public Thread newThread(Runnable task) {
    NodeThread thread = new NodeThread(node, task, prefix + "-" + count.incrementAndGet());
    thread.setDaemon(true);
    return thread;
  }
}
