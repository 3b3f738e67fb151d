package heddle.proxy.tcp;

import heddle.proxy.accesslog.LogRecord;
import heddle.proxy.http.HttpEnvironment;
import io.netty.channel.Channel;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What an access log can tell of a TCP connection. */
final class TcpLogRecord implements LogRecord {
  final Set<String> flags = new LinkedHashSet<>();
  @Nullable String cluster;
  @Nullable String host;
  long sent;
  long received;
  private final HttpEnvironment environment;
  private final Instant start;
  private final long startNanos;
  private final String remote;
  private final String local;
  private final long id;
  private long endNanos;

  TcpLogRecord(HttpEnvironment environment, Channel client, InetSocketAddress destination) {
    this.environment = environment;
    this.start = environment.clock().instant();
    this.startNanos = environment.ticker().nanoTime();
    this.endNanos = startNanos;
    this.remote = text(client.remoteAddress());
    this.local = text(destination);
    this.id = environment.nextConnectionId();
  }

  private static String text(SocketAddress address) {
    return address instanceof InetSocketAddress inet
        ? inet.getAddress().getHostAddress() + ":" + inet.getPort()
        : String.valueOf(address);
  }

  void end() {
    endNanos = environment.ticker().nanoTime();
  }

  @Override
  public Instant startTime() {
    return start;
  }

  @Override
  public @Nullable String requestHeader(String name) {
    return null;
  }

  @Override
  public @Nullable String responseHeader(String name) {
    return null;
  }

  @Override
  public @Nullable String protocol() {
    return null;
  }

  @Override
  public int responseCode() {
    return 0;
  }

  @Override
  public @Nullable String responseCodeDetails() {
    return null;
  }

  @Override
  public @Nullable String responseFlags() {
    return flags.isEmpty() ? null : String.join(",", flags);
  }

  @Override
  public long bytesReceived() {
    return received;
  }

  @Override
  public long bytesSent() {
    return sent;
  }

  @Override
  public long durationMillis() {
    return TimeUnit.NANOSECONDS.toMillis(endNanos - startNanos);
  }

  @Override
  public long requestMillis() {
    return -1;
  }

  @Override
  public long responseMillis() {
    return -1;
  }

  @Override
  public int attempts() {
    return 0;
  }

  @Override
  public @Nullable String upstreamHost() {
    return host;
  }

  @Override
  public @Nullable String upstreamCluster() {
    return cluster;
  }

  @Override
  public @Nullable String upstreamLocalAddress() {
    return null;
  }

  @Override
  public @Nullable String upstreamFailure() {
    return null;
  }

  @Override
  public @Nullable String routeName() {
    return null;
  }

  @Override
  public @Nullable String virtualHost() {
    return null;
  }

  @Override
  public String downstreamRemoteAddress() {
    return remote;
  }

  @Override
  public String downstreamLocalAddress() {
    return local;
  }

  @Override
  public @Nullable String serverName() {
    return null;
  }

  @Override
  public long connectionId() {
    return id;
  }
}
