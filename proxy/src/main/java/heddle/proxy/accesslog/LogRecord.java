package heddle.proxy.accesslog;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What a log line can tell of a request or a connection. Null means unknown, written as "-". */
public interface LogRecord {

  Instant startTime();

  /** A request header; {@code :method}, {@code :path}, {@code :authority} included. */
  @Nullable String requestHeader(String name);

  @Nullable String responseHeader(String name);

  @Nullable String protocol();

  /** 0 when nothing was sent. */
  int responseCode();

  @Nullable String responseCodeDetails();

  /** Envoy's short flags, comma separated, or null. */
  @Nullable String responseFlags();

  long bytesReceived();

  long bytesSent();

  long durationMillis();

  /** From the start until the request was complete, or negative. */
  long requestMillis();

  /** From the start until the first byte of the response, or negative. */
  long responseMillis();

  int attempts();

  @Nullable String upstreamHost();

  @Nullable String upstreamCluster();

  @Nullable String upstreamLocalAddress();

  @Nullable String upstreamFailure();

  @Nullable String routeName();

  @Nullable String virtualHost();

  String downstreamRemoteAddress();

  /** The peer of the connection, whoever it speaks for. */
  default String downstreamDirectRemoteAddress() {
    return downstreamRemoteAddress();
  }

  String downstreamLocalAddress();

  @Nullable String serverName();

  long connectionId();
}
