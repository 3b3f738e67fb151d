package heddle.proxy.upstream;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Set;

/**
 * The HTTP/1.1 connections to one host, and the requests that wait for one. The connection that
 * became free last is used first.
 */
public final class HttpPool {
  /** How many connections one event may begin, whatever the queue: as Envoy has it. */
  private static final int OPENED_AT_ONCE = 3;

  private final Cluster cluster;
  private final Host host;
  private final ArrayDeque<UpstreamConnection> idle = new ArrayDeque<>();
  private final ArrayDeque<UpstreamStream> pending = new ArrayDeque<>();
  private final Set<UpstreamConnection> connecting = new HashSet<>();
  private int busy;
  private int generation;

  HttpPool(Cluster cluster, Host host) {
    this.cluster = cluster;
    this.host = host;
  }

  /** Gives the attempt a connection, at once or when there is one. */
  public void newStream(UpstreamStream stream) {
    UpstreamConnection connection = idle.pollFirst();
    while (connection != null && !connection.isOpen()) {
      connection = idle.pollFirst(); // closed, and about to be told so
    }
    if (connection != null) {
      attach(connection, stream);
      return;
    }
    var stats = cluster.stats();
    if (!cluster.pendingRequests().canCreate()) {
      stats.upstreamRqPendingOverflow.inc();
      stream.onPoolFailure(Reset.OVERFLOW, "", false);
      return;
    }
    pending.addLast(stream);
    cluster.pendingRequests().inc();
    stats.upstreamRqPendingTotal.inc();
    stats.upstreamRqPendingActive.inc();
    connectIfNeeded();
  }

  /** Forgets an attempt that still waits. */
  public void cancel(UpstreamStream stream) {
    if (pending.remove(stream)) {
      leavePending();
      cluster.stats().upstreamRqCancelled.inc();
    }
  }

  private void leavePending() {
    cluster.pendingRequests().dec();
    cluster.stats().upstreamRqPendingActive.dec();
  }

  private void connectIfNeeded() {
    for (int i = 0; i < OPENED_AT_ONCE && connecting.size() < pending.size(); i++) {
      if (!cluster.connections().canCreate()) {
        cluster.stats().upstreamCxOverflow.inc();
        if (busy + idle.size() + connecting.size() > 0) {
          return;
        }
      }
      var connection = new UpstreamConnection(this);
      connecting.add(connection);
      cluster.connections().inc();
      host.connectionOpened();
      connection.open();
    }
  }

  private void attach(UpstreamConnection connection, UpstreamStream stream) {
    var stats = cluster.stats();
    if (!cluster.requests().canCreate()) {
      stats.upstreamRqActiveOverflow.inc();
      idle.addFirst(connection);
      stream.onPoolFailure(Reset.OVERFLOW, "", true);
      return;
    }
    cluster.requests().inc();
    stats.upstreamRqTotal.inc();
    stats.upstreamRqActive.inc();
    host.requestStarted();
    busy++;
    connection.begin(stream);
    stream.onReady(connection);
  }

  void connected(UpstreamConnection connection) {
    connecting.remove(connection);
    connection.belongTo(generation);
    free(connection);
  }

  void connectFailed(UpstreamConnection connection, Reset reason, String detail) {
    connecting.remove(connection);
    connectionGone();
    host.connectFailed();
    var failed = new ArrayList<>(pending);
    pending.clear();
    for (var stream : failed) {
      leavePending();
      cluster.stats().upstreamRqPendingFailureEject.inc();
    }
    for (var stream : failed) {
      stream.onPoolFailure(reason, detail, true);
    }
  }

  /** The request on this connection is over; {@code reusable} says whether another may follow. */
  void requestEnded(UpstreamConnection connection, boolean reusable) {
    busy--;
    cluster.requests().dec();
    cluster.stats().upstreamRqActive.dec();
    host.requestEnded();
    if (!reusable || connection.generation() != generation || host.removed()) {
      connection.close();
    } else if (pending.isEmpty()) {
      free(connection);
    } else {
      // A close right behind the response is noticed before the next request goes out.
      connection.loop().execute(() -> free(connection));
    }
  }

  private void free(UpstreamConnection connection) {
    if (!connection.isOpen()) {
      return;
    }
    if (connection.generation() != generation || (host.removed() && pending.isEmpty())) {
      connection.close();
      return;
    }
    connection.idle();
    idle.addFirst(connection);
    serveQueue();
  }

  private void serveQueue() {
    while (!pending.isEmpty() && !idle.isEmpty()) {
      UpstreamStream next = pending.removeFirst();
      leavePending();
      attach(idle.removeFirst(), next);
    }
    connectIfNeeded();
  }

  /** A connection that was established is closed. */
  void closed(UpstreamConnection connection) {
    idle.remove(connection);
    connectionGone();
    connectIfNeeded();
  }

  private void connectionGone() {
    cluster.connections().dec();
    host.connectionClosed();
  }

  /** Closes idle connections now and busy ones after their request. */
  void drain() {
    generation++;
    for (var connection : new ArrayList<>(idle)) {
      connection.close();
    }
  }

  /** Closes connections that have been idle since then or longer. */
  void closeIdleSince(long nanos) {
    for (var connection : new ArrayList<>(idle)) {
      if (connection.idleSinceNanos() - nanos <= 0) {
        cluster.stats().upstreamCxIdleTimeout.inc();
        connection.close();
      }
    }
  }

  Cluster cluster() {
    return cluster;
  }

  Host host() {
    return host;
  }

  boolean hasPending() {
    return !pending.isEmpty();
  }
}
