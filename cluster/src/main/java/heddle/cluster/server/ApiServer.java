package heddle.cluster.server;

import heddle.cluster.auth.Authenticator;
import heddle.cluster.auth.Authorizer;
import heddle.cluster.discovery.Discovery;
import heddle.cluster.openapi.OpenApi;
import heddle.cluster.operation.Operations;
import io.helidon.common.concurrency.limits.Limit;
import io.helidon.common.tls.Tls;
import io.helidon.common.tls.TlsClientAuth;
import io.helidon.http.HttpPrologue;
import io.helidon.http.WritableHeaders;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.WebServerConfig;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.helidon.webserver.http1.Http1Config;
import io.helidon.webserver.http1.Http1ConnectionSelector;
import io.helidon.webserver.http1.spi.Http1Upgrader;
import io.helidon.webserver.spi.ServerConnection;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.random.RandomGenerator;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * The API over HTTP/1.1, each connection on a virtual thread.
 *
 * <p>Closing it ends every watch and connection; the store stays open.
 */
public final class ApiServer implements AutoCloseable {
  private static final Duration FOREVER = Duration.ofDays(3650);
  private static final int HEADERS = 64 * 1024;
  private static final int PROLOGUE = 64 * 1024;

  private final WebServer server;
  private final WatchStream watches;

  /**
   * Everything a server needs.
   *
   * @param address where to listen, normally loopback
   * @param port 0 for any free one
   * @param tls the server's key and the authorities of client certificates, which are optional;
   *     null for plain HTTP
   * @param subresources who answers what is not a plain read or write, in order
   * @param clock for ages, watch timeouts and bookmarks
   * @param random spreads the ends of watches that set no time
   */
  public record Settings(
      InetAddress address,
      int port,
      @Nullable SSLContext tls,
      Operations operations,
      Authenticator authenticator,
      Authorizer authorizer,
      ProtobufDecoder protobuf,
      List<Subresource> subresources,
      InstantSource clock,
      RandomGenerator random) {
    public Settings {
      subresources = List.copyOf(subresources);
    }
  }

  private ApiServer(WebServer server, WatchStream watches) {
    this.server = server;
    this.watches = watches;
  }

  /** Starts to listen; returns when requests are answered. */
  public static ApiServer start(Settings settings) {
    Operations operations = settings.operations();
    Bodies bodies = new Bodies(settings.protobuf());
    Views views = new Views(settings.clock());
    WatchStream watches =
        new WatchStream(operations.store(), views, bodies, settings.clock(), settings.random());
    Dispatcher dispatcher =
        new Dispatcher(
            operations.types(),
            settings.authenticator(),
            settings.authorizer(),
            settings.subresources(),
            new ResourceHandler(operations, views, bodies, watches),
            new OtherPaths(
                new Discovery(operations.types()), new OpenApi(operations.types()), bodies),
            bodies);
    return new ApiServer(listen(settings, dispatcher), watches);
  }

  private static WebServer listen(Settings settings, Dispatcher dispatcher) {
    Http1ConnectionSelector http1 =
        Http1ConnectionSelector.builder()
            .config(
                Http1Config.builder()
                    .maxHeadersSize(HEADERS)
                    .maxPrologueLength(PROLOGUE)
                    .validatePrologue(false)
                    .validatePath(false)
                    .build())
            .addUpgrader(new Upgrades("websocket", dispatcher))
            .addUpgrader(new Upgrades("WebSocket", dispatcher))
            .addUpgrader(new Upgrades("SPDY/3.1", dispatcher))
            .build();
    WebServerConfig.Builder config =
        WebServer.builder()
            .address(settings.address())
            .port(settings.port())
            .shutdownHook(false)
            .idleConnectionTimeout(FOREVER)
            .connectionOptions(o -> o.tcpNoDelay(true))
            .maxPayloadSize(-1)
            .protocolsDiscoverServices(false)
            .addConnectionSelector(http1)
            .routing(routing -> route(routing, dispatcher));
    if (settings.tls() != null) {
      config.tls(
          Tls.builder().sslContext(settings.tls()).clientAuth(TlsClientAuth.OPTIONAL).build());
    }
    WebServer server = config.build().start();
    if (!server.isRunning()) {
      throw new IllegalStateException(
          "cannot listen on "
              + settings.address().getHostAddress()
              + ":"
              + settings.port()
              + ": another process has the port; choose another or 0");
    }
    return server;
  }

  private static void route(HttpRouting.Builder routing, Dispatcher dispatcher) {
    routing.any(
        (ServerRequest request, ServerResponse response) -> {
          PlainExchange exchange = new PlainExchange(request, response);
          try {
            dispatcher.dispatch(exchange);
          } catch (IOException e) {
            if (!exchange.answered()) {
              throw e;
            }
            // A client that goes away amid an answer, as every watch ends, is nobody's error.
            throw new CloseConnectionException("the client went away", e);
          }
        });
  }

  /** The port that is listened on. */
  public int port() {
    return server.port();
  }

  @Override
  public void close() {
    watches.close();
    server.stop();
  }

  /**
   * Hands requests that ask for an upgrade, and are for someone who upgrades, to the dispatcher.
   */
  private record Upgrades(String supportedProtocol, Dispatcher dispatcher)
      implements Http1Upgrader {

    @Override
    public @Nullable ServerConnection upgrade(
        ConnectionContext context, HttpPrologue prologue, WritableHeaders<?> headers) {
      boolean wanted =
          dispatcher.upgrades(
              prologue.method().text(), prologue.uriPath().rawPath(), prologue.query().rawValue());
      return wanted
          ? new Upgraded(dispatcher, new UpgradeExchange(context, prologue, headers), context)
          : null;
    }
  }

  private record Upgraded(
      Dispatcher dispatcher, UpgradeExchange exchange, ConnectionContext context)
      implements ServerConnection {

    @Override
    public void handle(Limit limit) {
      try {
        dispatcher.dispatch(exchange);
      } catch (IOException e) {
        throw new io.helidon.webserver.CloseConnectionException("the client left", e);
      }
    }

    @Override
    public Duration idleTime() {
      return Duration.ZERO;
    }

    @Override
    public void close(boolean interrupt) {
      exchange.close();
    }
  }
}
