package heddle.proxy.http;

import heddle.proxy.http1.Framing;
import heddle.proxy.http1.H1;
import heddle.proxy.http1.HeaderBlock;
import heddle.proxy.stats.Counter;
import heddle.proxy.upstream.UpstreamConnection;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpMethod;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A request's body on its way: kept while no connection is there, and as long as another attempt
 * might need it again; otherwise passed on untouched.
 */
final class RequestBody {
  /** Methods whose requests say nothing of a body when they have none. */
  private static final Set<HttpMethod> BODILESS =
      Set.of(
          HttpMethod.GET, HttpMethod.HEAD, HttpMethod.DELETE, HttpMethod.TRACE, HttpMethod.CONNECT);

  private final HttpConnection connection;
  private final int limit;
  private final boolean present;
  private final List<ByteBuf> kept = new ArrayList<>(0);
  private @Nullable Counter abandoned;
  private boolean replayable;
  private boolean overflowed;
  private boolean paused;
  private boolean chunked;
  private long keptBytes;

  RequestBody(HttpConnection connection, HeaderBlock headers) {
    this.connection = connection;
    this.limit = connection.config().bufferLimit();
    this.present = !isEmpty(headers);
  }

  /**
   * How it goes to the host, when headers are as they will be sent: whoever took the length out of
   * them (by nominating it in Connection) gets chunks.
   */
  Framing framing(Request request) {
    boolean length = request.headers().find(H1.CONTENT_LENGTH, 0) >= 0;
    chunked = present && !length;
    if (chunked) {
      return Framing.CHUNKED;
    }
    return length || BODILESS.contains(request.method()) || request.upgrade() != null
        ? Framing.AS_IS
        : Framing.EMPTY;
  }

  /** Whether the request ends with its head. */
  static boolean isEmpty(HeaderBlock headers) {
    CharSequence length = headers.first(H1.CONTENT_LENGTH);
    return (length == null || (length.length() == 1 && length.charAt(0) == '0'))
        && headers.find(H1.TRANSFER_ENCODING, 0) < 0;
  }

  /** From now on keep what arrives, because an attempt may have to be repeated. */
  void keepForReplay(Counter whenAbandoned) {
    replayable = true;
    abandoned = whenAbandoned;
  }

  /**
   * The next piece; sent at once if there is a connection. Takes the buffer over.
   *
   * @return false when the body outgrew the replay buffer, so that nothing can be repeated any more
   */
  boolean add(ByteBuf data, @Nullable UpstreamConnection to) {
    if (replayable && keptBytes + data.readableBytes() > limit) {
      giveUpReplay(to != null);
    }
    if (to != null) {
      if (replayable) {
        keep(data.retainedDuplicate());
      }
      write(to, data);
      if (!to.isWritable()) {
        connection.reading(false);
      }
    } else {
      keep(data);
      if (keptBytes >= limit && !paused) {
        paused = true;
        connection.reading(false);
      }
    }
    return !overflowed;
  }

  private void giveUpReplay(boolean allSent) {
    replayable = false;
    overflowed = true;
    if (abandoned != null) {
      abandoned.inc();
    }
    if (allSent) {
      release();
    }
  }

  private void keep(ByteBuf data) {
    kept.add(data);
    keptBytes += data.readableBytes();
  }

  /** Sends everything that was kept; {@code complete} says whether that is all. */
  void sendTo(UpstreamConnection to, boolean complete) {
    for (ByteBuf data : kept) {
      write(to, data.retainedDuplicate());
    }
    if (!replayable) {
      release();
    }
    if (paused) {
      paused = false;
      connection.reading(true);
    }
    if (complete) {
      end(to);
    } else if (!connection.receiving()) { // else with what follows in the same read
      to.flush();
    }
  }

  void end(UpstreamConnection to) {
    if (chunked) {
      to.write(H1.lastChunk());
    }
    to.end();
  }

  private void write(UpstreamConnection to, ByteBuf data) {
    if (chunked) {
      to.write(H1.chunkStart(connection.alloc(), data.readableBytes()));
      to.write(data);
      to.write(H1.chunkEnd());
    } else if (present) {
      to.write(data);
    } else {
      data.release();
    }
  }

  /** No further attempt will need it. */
  void release() {
    replayable = false;
    kept.forEach(ByteBuf::release);
    kept.clear();
    keptBytes = 0;
  }
}
