package heddle.load;

import io.netty.channel.EventLoop;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One request and, once, its end. Lives on the event loop. */
final class Exchange {

  /** Takes the end: status 0 when there was no answer; error empty on success. */
  interface End {
    void at(int status, long bytesIn, String error);
  }

  private final Target target;
  private final End end;
  private @Nullable Future<?> timer;
  private @Nullable Connection connection;
  private boolean ended;
  private int status;
  private String reason = "";
  private long bytesIn;

  Exchange(Target target, End end) {
    this.target = target;
    this.end = end;
  }

  Target target() {
    return target;
  }

  boolean ended() {
    return ended;
  }

  void timeoutIn(EventLoop loop, long nanos, String error) {
    timer = loop.schedule(() -> timeout(error), Math.max(0, nanos), TimeUnit.NANOSECONDS);
  }

  void on(Connection sentOn) {
    connection = sentOn;
  }

  void head(int code, String phrase) {
    status = code;
    reason = phrase;
  }

  void body(int bytes) {
    bytesIn += bytes;
  }

  /** The answer is complete. */
  void answered() {
    boolean success = status >= 200 && status < 400;
    finish(status, success ? "" : (status + " " + reason).strip());
  }

  void failed(String error) {
    finish(0, error);
  }

  private void timeout(String error) {
    var sentOn = connection;
    failed(error);
    if (sentOn != null) {
      sentOn.abandon();
    }
  }

  private void finish(int code, String error) {
    if (ended) {
      return;
    }
    ended = true;
    if (timer != null) {
      timer.cancel(false);
    }
    end.at(code, bytesIn, error);
  }
}
