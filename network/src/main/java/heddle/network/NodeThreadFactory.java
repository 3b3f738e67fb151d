package heddle.network;

import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Makes threads that live in a node's namespace, for event loops which open sockets in pods: on
 * such a thread {@link PodNetwork#within} and {@link NodeNetwork#inNode} run in place, for two
 * system calls.
 *
 * <p>Such a thread must not start other threads, and must not complete futures or queues that
 * virtual threads wait on: the thread or carrier born of it would live in the node's namespace.
 * Hand such work to a platform thread of the host.
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
