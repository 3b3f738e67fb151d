package heddle.cluster.stream;

import heddle.cluster.node.PodAccess;
import heddle.cluster.node.PodAccess.ExecRequest;
import heddle.cluster.object.ApiException;
import heddle.cluster.server.Exchange;
import heddle.cluster.server.Subresource;
import heddle.cluster.server.Target;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** {@code pods/NAME/exec} and {@code pods/NAME/attach}. */
final class CommandEndpoint implements Subresource {
  private static final System.Logger LOG = System.getLogger(CommandEndpoint.class.getName());
  private static final long STREAMS_SECONDS = 30;

  /** How long a client may take to close after the outcome before it is cut off. */
  private static final long GOODBYE_SECONDS = 10;

  private final PodAccess pods;
  private final PodContainers containers;

  CommandEndpoint(PodAccess pods, PodContainers containers) {
    this.pods = pods;
    this.containers = containers;
  }

  @Override
  public boolean handles(Target target) {
    return target.group().isEmpty()
        && target.resource().equals("pods")
        && Set.of("exec", "attach").contains(target.subresource());
  }

  @Override
  public void handle(Exchange exchange) throws IOException {
    Target target = exchange.target();
    boolean exec = target.subresource().equals("exec");
    ExecRequest request = request(exchange, exec);
    String container =
        containers.container(
            target.namespace(), target.name(), exchange.parameter("container").orElse(""));
    Handshake.require(exchange);
    RemoteCommand.Starter starter =
        () ->
            exec
                ? pods.exec(target.namespace(), target.name(), container, request)
                : pods.attach(target.namespace(), target.name(), container, request);
    if (Handshake.webSocket(exchange)) {
      webSocket(exchange, starter, request, exec);
    } else {
      spdy(exchange, starter, request, exec);
    }
  }

  private static ExecRequest request(Exchange exchange, boolean exec) {
    List<String> command = exchange.query().getOrDefault("command", List.of());
    if (exec && command.isEmpty()) {
      throw ApiException.badRequest("you must specify at least 1 command for the container");
    }
    boolean tty = flag(exchange, "tty");
    var request =
        new ExecRequest(
            exec ? command : List.of(),
            flag(exchange, "stdin"),
            flag(exchange, "stdout"),
            flag(exchange, "stderr") && !tty,
            tty);
    if (!request.stdin() && !request.stdout() && !request.stderr()) {
      throw ApiException.badRequest("you must specify at least one of stdin, stdout, stderr");
    }
    return request;
  }

  private static boolean flag(Exchange exchange, String name) {
    String value = exchange.parameter(name).orElse("");
    return value.equals("true") || value.equals("1");
  }

  private static void webSocket(
      Exchange exchange, RemoteCommand.Starter starter, ExecRequest request, boolean exec)
      throws IOException {
    String protocol =
        Handshake.webSocketProtocol(exchange, WebSocketChannels::known, "channel.k8s.io");
    var connection = exchange.upgrade(Handshake.webSocketHeaders(exchange, protocol));
    var socket = new WebSocketConnection(connection.input(), connection.output());
    var channels = new WebSocketChannels(socket, protocol);
    var command = new WebSocketCommand(channels, protocol);
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      CompletableFuture<?> reader = read(executor, channels::run);
      try {
        command.announce(request);
        new RemoteCommand().run(starter, request, command, exec, reader);
      } finally {
        goodbye(reader, connection);
      }
    }
  }

  private static void spdy(
      Exchange exchange, RemoteCommand.Starter starter, ExecRequest request, boolean exec)
      throws IOException {
    String protocol = Handshake.spdyProtocol(exchange, SpdyCommand.PROTOCOLS);
    var connection = exchange.upgrade(Handshake.spdyHeaders(protocol));
    var command = new SpdyCommand(protocol, request);
    var spdy = new SpdyConnection(connection.input(), connection.output(), command::opened);
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      CompletableFuture<?> reader = read(executor, spdy::run);
      try {
        if (streamsAreThere(command, reader)) {
          new RemoteCommand().run(starter, request, command, exec, reader);
        }
      } finally {
        goodbye(reader, connection);
      }
    }
  }

  private interface Reader {
    void run() throws IOException;
  }

  private static CompletableFuture<?> read(ExecutorService executor, Reader reader) {
    return CompletableFuture.runAsync(
        () -> {
          try {
            reader.run();
          } catch (IOException e) {
            LOG.log(System.Logger.Level.DEBUG, "a client's connection broke", e);
          }
        },
        executor);
  }

  private static boolean streamsAreThere(SpdyCommand command, CompletableFuture<?> gone) {
    try {
      CompletableFuture.anyOf(command.complete(), gone).get(STREAMS_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      LOG.log(
          System.Logger.Level.DEBUG, "a client did not open the streams {0}", command.missing());
    } catch (ExecutionException e) {
      LOG.log(System.Logger.Level.DEBUG, "a client's connection broke", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return command.complete().isDone();
  }

  /** Lets the client close first, so that nothing sent is lost to a reset. */
  private static void goodbye(Future<?> reader, Exchange.Connection connection) {
    try {
      reader.get(GOODBYE_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException | ExecutionException e) {
      LOG.log(System.Logger.Level.DEBUG, "a client did not close its connection", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      connection.close();
    }
  }
}
