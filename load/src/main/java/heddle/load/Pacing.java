package heddle.load;

import io.netty.channel.EventLoop;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/** Sends an attack's requests when they are due. Everything happens on its event loop. */
final class Pacing {
  /** After so many overdue requests in a row the loop looks at its connections again. */
  private static final int BATCH = 64;

  private final List<Target> targets;
  private final Pacer pacer;
  private final long timeoutNanos;
  private final EventLoop loop;
  private final Map<Endpoint, ConnectionPool> pools;
  private final LongSupplier ticker;
  private final Consumer<Result> sink;
  private final Clock clock;
  private Instant startTime;
  private long start;
  private final CompletableFuture<Void> done = new CompletableFuture<>();
  private long hits;
  private long next;
  private long open;

  Pacing(
      Attack attack,
      EventLoop loop,
      Map<Endpoint, ConnectionPool> pools,
      Clock clock,
      LongSupplier ticker,
      Consumer<Result> sink) {
    targets = attack.targets();
    pacer = attack.pacer();
    timeoutNanos = attack.timeout().toNanos();
    hits = attack.hits();
    this.loop = loop;
    this.pools = pools;
    this.ticker = ticker;
    this.sink = sink;
    this.clock = clock;
    startTime = Instant.EPOCH;
  }

  void start() {
    loop.execute(
        () -> {
          startTime = clock.instant();
          start = ticker.getAsLong();
          sendDue();
        });
  }

  void stop() {
    loop.execute(
        () -> {
          hits = next;
          endIfDone();
        });
  }

  CompletableFuture<Void> done() {
    return done;
  }

  private void sendDue() {
    try {
      for (int sent = 0; next < hits; sent++) {
        long early = start + pacer.dueNanos(next) - ticker.getAsLong();
        if (early > 0) {
          loop.schedule(this::sendDue, early, TimeUnit.NANOSECONDS);
          return;
        }
        if (sent == BATCH) {
          loop.execute(this::sendDue);
          return;
        }
        send(next++);
      }
      endIfDone();
    } catch (RuntimeException e) {
      done.completeExceptionally(e);
    }
  }

  private void send(long hit) {
    var target = targets.get((int) (hit % targets.size()));
    long due = pacer.dueNanos(hit);
    open++;
    var exchange =
        new Exchange(target, (status, bytes, error) -> end(hit, due, target, status, bytes, error));
    if (timeoutNanos > 0) {
      long left = start + due + timeoutNanos - ticker.getAsLong();
      exchange.timeoutIn(loop, left, "no answer within " + Durations.format(timeoutNanos));
    }
    var pool = pools.get(target.endpoint());
    if (pool == null) {
      throw new IllegalStateException("no pool for " + target.uri());
    }
    pool.send(exchange);
  }

  private void end(long hit, long due, Target target, int status, long bytesIn, String error) {
    long latency = Math.max(0, ticker.getAsLong() - start - due);
    open--;
    try {
      sink.accept(
          new Result(
              hit,
              startTime.plusNanos(due),
              latency,
              status,
              target.body().length,
              bytesIn,
              error,
              target.method(),
              target.uri().toString()));
    } catch (RuntimeException e) {
      done.completeExceptionally(e);
    }
    endIfDone();
  }

  private void endIfDone() {
    if (next >= hits && open == 0 && !done.isDone()) {
      pools.values().forEach(ConnectionPool::close);
      done.complete(null);
    }
  }
}
