package heddle.cluster.server;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import heddle.cluster.object.ApiException;
import heddle.cluster.object.Metadata;
import heddle.cluster.operation.Operations;
import heddle.cluster.store.Change;
import heddle.cluster.store.Feed;
import heddle.cluster.store.Store;
import heddle.cluster.store.Stored;
import heddle.cluster.type.Served;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Answers watches until the client leaves, the time is up or the server stops. */
final class WatchStream implements AutoCloseable {
  private static final Duration BOOKMARK = Duration.ofSeconds(55);
  private static final Duration LEAST = Duration.ofMinutes(30);

  private final Store store;
  private final Views views;
  private final Bodies bodies;
  private final InstantSource clock;
  private final RandomGenerator random;
  private final Set<Feed> open = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  WatchStream(
      Store store, Views views, Bodies bodies, InstantSource clock, RandomGenerator random) {
    this.store = store;
    this.views = views;
    this.bodies = bodies;
    this.clock = clock;
    this.random = random;
  }

  void handle(Exchange exchange, Served served) throws IOException {
    ListQuery query = ListQuery.of(exchange, served, true);
    String namespace = exchange.target().namespace();
    boolean initial =
        query.initialEvents()
            || (query.revision() == 0
                && !exchange.parameter("sendInitialEvents").orElse("").equals("false"));
    if (query.initialEvents()) {
      query.requireReached(store.revision());
    }
    Store.@Nullable Listing listing = initial ? store.list(served.resource(), namespace) : null;
    long from =
        listing != null
            ? listing.revision()
            : query.revision() == 0 ? store.revision() : query.revision();
    try (Feed feed = store.feed(served.resource(), namespace, from)) {
      open.add(feed);
      if (closed) {
        return;
      }
      Representation.of(exchange);
      try (OutputStream output =
          exchange.stream(200, Map.of("Content-Type", List.of(Bodies.JSON)))) {
        new Session(exchange, served, query, output).run(listing, feed, from);
      } finally {
        open.remove(feed);
      }
    }
  }

  /** One client's watch. */
  private final class Session {
    private final Exchange exchange;
    private final Served served;
    private final ListQuery query;
    private final OutputStream output;
    private final boolean bookmarks;

    Session(Exchange exchange, Served served, ListQuery query, OutputStream output) {
      this.exchange = exchange;
      this.served = served;
      this.query = query;
      this.output = output;
      this.bookmarks = exchange.parameter("allowWatchBookmarks").orElse("").equals("true");
    }

    void run(Store.@Nullable Listing listing, Feed feed, long from) throws IOException {
      Instant end = clock.instant().plus(timeout());
      if (listing != null) {
        for (Stored stored : listing.items()) {
          if (query.selector().matches(stored.object())) {
            send("ADDED", Operations.view(served, stored.object()));
          }
        }
        if (query.initialEvents()) {
          bookmark(from, true);
        }
      }
      try {
        follow(feed, end, from);
      } catch (ApiException e) {
        sendRaw("ERROR", StatusBody.failure(e, null, null));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    private void follow(Feed feed, Instant end, long from)
        throws IOException, InterruptedException {
      long told = from;
      while (!feed.closed()) {
        Duration left = Duration.between(clock.instant(), end);
        if (left.isNegative() || left.isZero()) {
          tell(told);
          return;
        }
        // Read before polling: when nothing comes, everything up to here has been seen.
        long reached = store.revision();
        Change change = feed.poll(left.compareTo(BOOKMARK) < 0 ? left : BOOKMARK);
        if (change != null) {
          event(change);
          told = change.revision();
        } else if (!feed.closed()) {
          told = Math.max(told, reached);
          tell(told);
        }
      }
    }

    private void tell(long revision) throws IOException {
      if (bookmarks) {
        bookmark(revision, false);
      }
    }

    private Duration timeout() {
      String seconds = exchange.parameter("timeoutSeconds").orElse("0");
      try {
        long asked = Long.parseLong(seconds);
        return asked > 0
            ? Duration.ofSeconds(asked)
            : LEAST.plusSeconds(random.nextLong(LEAST.toSeconds()));
      } catch (NumberFormatException e) {
        throw ApiException.badRequest("timeoutSeconds: Invalid value: \"" + seconds + '"');
      }
    }

    private void event(Change change) throws IOException {
      boolean was = change.before() != null && query.selector().matches(change.before());
      boolean is = change.after() != null && query.selector().matches(change.after());
      if (was || is) {
        String type = was && is ? "MODIFIED" : is ? "ADDED" : "DELETED";
        ObjectNode shown = change.last();
        if (was && !is && change.after() != null && change.before() != null) {
          shown = change.before().deepCopy();
          Metadata.of(shown).put("resourceVersion", Long.toString(change.revision()));
        }
        send(type, Operations.view(served, shown));
      }
    }

    private void send(String type, ObjectNode object) throws IOException {
      sendRaw(type, views.one(served, exchange, object));
    }

    private void bookmark(long revision, boolean initialEnd) throws IOException {
      ObjectNode mark = JsonNodeFactory.instance.objectNode();
      mark.put("kind", served.type().kind()).put("apiVersion", served.type().apiVersion());
      ObjectNode metadata = mark.putObject("metadata");
      metadata.put("resourceVersion", Long.toString(revision)).putNull("creationTimestamp");
      if (initialEnd) {
        metadata.putObject("annotations").put("k8s.io/initial-events-end", "true");
      }
      boolean table = Representation.of(exchange).form() == Representation.Form.TABLE;
      sendRaw("BOOKMARK", table ? views.list(served, exchange, revision, List.of()) : mark);
    }

    private void sendRaw(String type, ObjectNode object) throws IOException {
      ObjectNode event = JsonNodeFactory.instance.objectNode();
      event.put("type", type).set("object", object);
      output.write(bodies.write(event));
      output.write('\n');
      output.flush();
    }
  }

  /** Ends every watch. */
  @Override
  public void close() {
    closed = true;
    open.forEach(Feed::close);
  }
}
