package heddle.cluster.stream;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import heddle.cluster.node.PodAccess.ExecRequest;
import heddle.cluster.node.PodAccess.Session;
import heddle.cluster.object.ApiException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Joins a client's channels and a process: input and window sizes one way, output the other, and
 * last the exit code.
 */
final class RemoteCommand {
  private static final System.Logger LOG = System.getLogger(RemoteCommand.class.getName());

  /** For output that a process left behind; a child that keeps it open does not hold the client. */
  private static final long DRAIN_SECONDS = 5;

  private final ObjectMapper mapper = new ObjectMapper();

  /** Starts the process. */
  interface Starter {
    Session start() throws IOException;
  }

  /**
   * Runs to the end. Failures to start are told to the client, not thrown.
   *
   * @param reportExit whether the process's exit code is the outcome (exec), or its end is (attach)
   * @param gone completes when the client is gone; the session is closed then
   */
  void run(
      Starter starter,
      ExecRequest request,
      CommandChannels channels,
      boolean reportExit,
      Future<?> gone)
      throws IOException {
    Session session;
    try {
      session = starter.start();
    } catch (ApiException | IOException e) {
      channels.finish(CommandStatus.failed(e));
      return;
    }
    // Not waited for when it ends: a child that a process left behind may hold an output open.
    var pumps = Executors.newVirtualThreadPerTaskExecutor();
    ObjectNode status;
    try (session) {
      status = run(session, request, channels, reportExit, gone, pumps);
    } finally {
      pumps.shutdownNow();
      quietly(channels.stdin());
      quietly(channels.resize());
    }
    channels.finish(status);
  }

  private ObjectNode run(
      Session session,
      ExecRequest request,
      CommandChannels channels,
      boolean reportExit,
      Future<?> gone,
      ExecutorService pumps)
      throws IOException {
    pumps.submit(() -> closeWhenGone(gone, session));
    if (request.stdin()) {
      pumps.submit(() -> input(channels.stdin(), session.stdin()));
    }
    if (request.tty()) {
      pumps.submit(() -> resize(channels.resize(), session));
    }
    Future<?> out =
        pumps.submit(() -> output(session.stdout(), request.stdout() ? channels.stdout() : null));
    Future<?> err =
        pumps.submit(() -> output(session.stderr(), request.stderr() ? channels.stderr() : null));
    try {
      int code = session.exit().toCompletableFuture().get();
      drain(out);
      drain(err);
      return CommandStatus.exited(reportExit ? code : 0);
    } catch (ExecutionException e) {
      return CommandStatus.failed(e.getCause() == null ? e : e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return CommandStatus.failed(new IOException("the server is shutting down", e));
    }
  }

  private static void closeWhenGone(Future<?> gone, Session session) {
    try {
      gone.get();
    } catch (ExecutionException e) {
      LOG.log(System.Logger.Level.DEBUG, "a client's connection broke", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return;
    }
    session.close();
  }

  private static void drain(Future<?> pump) throws InterruptedException, ExecutionException {
    try {
      pump.get(DRAIN_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      pump.cancel(true);
    }
  }

  private static void input(InputStream from, OutputStream to) {
    try (to) {
      copy(from, to);
    } catch (IOException e) {
      // The process has closed its input; what comes is of no use to anybody.
      quietly(from);
      LOG.log(System.Logger.Level.TRACE, "standard input was refused", e);
    }
  }

  /** Also output that nobody wants is read, so that the process does not wait. */
  private static void output(InputStream from, @Nullable OutputStream to) {
    try {
      if (to == null) {
        from.transferTo(OutputStream.nullOutputStream());
      } else {
        copy(from, to);
      }
    } catch (IOException e) {
      LOG.log(System.Logger.Level.TRACE, "output could not be delivered", e);
    }
  }

  static void copy(InputStream from, OutputStream to) throws IOException {
    byte[] buffer = new byte[32 * 1024];
    for (int count = from.read(buffer); count >= 0; count = from.read(buffer)) {
      to.write(buffer, 0, count);
      to.flush();
    }
  }

  private void resize(InputStream from, Session session) {
    try (JsonParser parser = mapper.createParser(from);
        MappingIterator<JsonNode> sizes = mapper.readValues(parser, JsonNode.class)) {
      while (sizes.hasNext()) {
        JsonNode size = sizes.next();
        int columns = size.path("Width").asInt();
        int rows = size.path("Height").asInt();
        if (columns > 0 && rows > 0 && columns <= 0xffff && rows <= 0xffff) {
          session.resize(columns, rows);
        }
      }
    } catch (IOException | RuntimeException e) {
      quietly(from);
      LOG.log(System.Logger.Level.DEBUG, "the client's window sizes are malformed", e);
    }
  }

  private static void quietly(InputStream stream) {
    try {
      stream.close();
    } catch (IOException e) {
      LOG.log(System.Logger.Level.TRACE, "closing a channel", e);
    }
  }
}
