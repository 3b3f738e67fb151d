package heddle.proxy.http;

import heddle.proxy.upstream.Cluster;
import heddle.proxy.upstream.Host;
import heddle.proxy.upstream.Reset;
import heddle.proxy.upstream.UpstreamConnection;
import heddle.proxy.upstream.UpstreamStream;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpResponse;
import org.jspecify.annotations.Nullable;

/** One try at a host. Tells the host's detectors how it went, and its request what came. */
final class Attempt implements UpstreamStream {
  private final Exchange exchange;
  private final Forwarding forwarding;
  private final Cluster cluster;
  private final Host host;
  private @Nullable UpstreamConnection connection;
  private boolean dead;
  private boolean answered;

  Attempt(Exchange exchange, Forwarding forwarding, Cluster cluster, Host host) {
    this.exchange = exchange;
    this.forwarding = forwarding;
    this.cluster = cluster;
    this.host = host;
  }

  void begin() {
    host.pool().newStream(this);
  }

  Cluster cluster() {
    return cluster;
  }

  @Nullable UpstreamConnection connection() {
    return connection;
  }

  UpstreamConnection connectionOrThrow() {
    if (connection == null) {
      throw new IllegalStateException("the attempt at " + host + " has no connection yet");
    }
    return connection;
  }

  /** Ends it because time is up: the host is to blame. */
  void timedOut() {
    if (!answered) {
      cluster.localOrigin(host, false, 504);
      host.outcome(false, true);
    }
    cancel();
  }

  /** Ends it because nobody waits for it any more. */
  void cancel() {
    if (dead) {
      return;
    }
    dead = true;
    if (connection == null) {
      host.pool().cancel(this);
    } else {
      connection.reset();
    }
  }

  /** Its response is not wanted; {@code complete} says that there is nothing left of it. */
  void abandon(boolean complete) {
    dead = true;
    if (!complete && connection != null) {
      connection.reset();
    }
  }

  @Override
  public void onReady(UpstreamConnection ready) {
    connection = ready;
    cluster.localOrigin(host, true, 200);
    forwarding.connected(ready);
  }

  @Override
  public void onPoolFailure(Reset reason, String detail, boolean reached) {
    if (dead) {
      return;
    }
    dead = true;
    if (!reached) {
      exchange.info().withoutHost();
    }
    if (reason != Reset.OVERFLOW) {
      cluster.localOrigin(host, false, 503);
      host.outcome(false, false);
    }
    forwarding.onReset(this, reason, detail);
  }

  @Override
  public boolean wantsUpgrade() {
    return exchange.request().upgrade() != null;
  }

  @Override
  public void onInformational(HttpResponse response) {
    if (!dead) {
      forwarding.onInformational(this, response);
    }
  }

  @Override
  public void onHead(HttpResponse response, boolean end) {
    if (dead) {
      return;
    }
    answered = true;
    int status = response.status().code();
    cluster.answered(host, status);
    host.outcome(status < 500, false);
    if (status == 101 && wantsUpgrade()) {
      forwarding.onUpgraded(this, response);
    } else {
      forwarding.onResponse(this, response, end);
    }
  }

  @Override
  public void onBody(ByteBuf data) {
    if (dead) {
      data.release();
    } else {
      exchange.responseBody(data);
    }
  }

  @Override
  public void onEnd() {
    if (!dead) {
      dead = true;
      forwarding.onResponseEnd(this);
    }
  }

  @Override
  public void onReadComplete() {
    if (!dead) {
      exchange.responseReadComplete();
    }
  }

  @Override
  public void onReset(Reset reason) {
    if (dead) {
      return;
    }
    dead = true;
    cluster.localOrigin(host, false, 503);
    host.outcome(false, false);
    forwarding.onReset(this, reason, "");
  }

  @Override
  public void onWritabilityChanged(boolean writable) {
    if (!dead) {
      exchange.upstreamWritable(writable);
    }
  }
}
