package heddle.cluster.node;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.SocketChannel;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * What the API server asks of the node agent about running pods, as it would ask a kubelet.
 * Failures are {@link heddle.cluster.object.ApiException} with Kubernetes' wording.
 */
public interface PodAccess {

  /**
   * Opens a container's log. With {@code follow} the stream ends when the container does; closing
   * it stops following.
   *
   * @param container null when the pod has just one
   */
  InputStream logs(String namespace, String pod, @Nullable String container, LogOptions options)
      throws IOException;

  /** Starts a command in a running container. */
  Session exec(String namespace, String pod, @Nullable String container, ExecRequest request)
      throws IOException;

  /** Joins the standard streams of a container's own process. */
  Session attach(String namespace, String pod, @Nullable String container, ExecRequest request)
      throws IOException;

  /** Connects to 127.0.0.1:port inside the pod's namespace; blocking mode. */
  SocketChannel connect(String namespace, String pod, int port) throws IOException;

  /**
   * Which part of a log.
   *
   * @param tailLines null for all
   * @param since null for all
   * @param limitBytes null for all
   */
  record LogOptions(
      boolean follow,
      boolean previous,
      boolean timestamps,
      @Nullable Integer tailLines,
      @Nullable Instant since,
      @Nullable Long limitBytes) {}

  /**
   * What to run and which streams the client wants.
   *
   * @param command empty for attach
   */
  record ExecRequest(
      List<String> command, boolean stdin, boolean stdout, boolean stderr, boolean tty) {
    public ExecRequest {
      command = List.copyOf(command);
    }
  }

  /** The streams of an exec or attach. With a terminal, stderr is empty and stdout carries both. */
  interface Session extends AutoCloseable {
    /** Closing it is end of file for the process. */
    OutputStream stdin();

    InputStream stdout();

    InputStream stderr();

    /** Ignored without a terminal. */
    void resize(int columns, int rows);

    /** Completes with the exit code once the process has ended. */
    CompletionStage<Integer> exit();

    /** Ends an exec's process, or leaves an attached one. */
    @Override
    void close();
  }
}
