package heddle.differential;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;

/** A request that a client sent, and what came back so far. */
final class Exchange {
  private final String id;
  private final String connection;
  private final String method;
  private final long sentAt = System.nanoTime();
  private volatile long doneAt;
  private final Message response = new Message();
  private final List<Integer> interim = new CopyOnWriteArrayList<>();
  private final CompletableFuture<Void> done = new CompletableFuture<>();
  private volatile int status;

  Exchange(String id, String connection, String method) {
    this.id = id;
    this.connection = connection;
    this.method = method;
  }

  String id() {
    return id;
  }

  /** The name of the client's connection. */
  String connection() {
    return connection;
  }

  String method() {
    return method;
  }

  Message response() {
    return response;
  }

  /** The status; 0 while (or because) there is none. */
  int status() {
    return status;
  }

  void arrived(int finalStatus) {
    status = finalStatus;
  }

  List<Integer> interim() {
    return interim;
  }

  boolean done() {
    return done.isDone();
  }

  CompletableFuture<Void> whenDone() {
    return done;
  }

  void finish() {
    doneAt = System.nanoTime();
    done.complete(null);
  }

  /** When the request was sent, in nanoseconds. */
  long sentAt() {
    return sentAt;
  }

  /** From the sending of the request to the end of the response, in milliseconds. */
  long millis() {
    return (doneAt - sentAt) / 1_000_000;
  }
}
