package heddle.network;

import java.nio.file.Path;

/**
 * A network namespace, kept alive by an open descriptor only: it dies with this process, however
 * the process ends, and takes its links, addresses and rules with it.
 */
final class Namespace implements AutoCloseable {
  private final int descriptor;
  private boolean closed;

  private Namespace(int descriptor) {
    this.descriptor = descriptor;
  }

  /** Holds the namespace that the calling thread is in. */
  static Namespace current() {
    return new Namespace(Kernel.open(Path.of("/proc/thread-self/ns/net")));
  }

  /** Moves the calling thread into a new namespace and holds that. */
  static Namespace create() {
    Kernel.unshareNetwork();
    return current();
  }

  /** Moves the calling thread into this namespace. */
  void enter() {
    Kernel.setns(descriptor);
  }

  int descriptor() {
    return descriptor;
  }

  /** A path by which other processes of the same user open the namespace while this one lives. */
  Path file() {
    return Path.of("/proc", Long.toString(ProcessHandle.current().pid()), "fd", "" + descriptor);
  }

  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      Kernel.close(descriptor);
    }
  }
}
