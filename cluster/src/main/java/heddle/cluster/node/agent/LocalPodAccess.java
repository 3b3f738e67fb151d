package heddle.cluster.node.agent;

import heddle.cluster.informer.Key;
import heddle.cluster.informer.Kinds;
import heddle.cluster.node.PodAccess;
import heddle.cluster.node.container.RunningContainer;
import heddle.cluster.node.log.ContainerLog;
import heddle.cluster.node.log.LogStream;
import heddle.cluster.node.pod.ContainerView;
import heddle.cluster.node.pod.PodWorker;
import heddle.cluster.object.ApiException;
import heddle.network.PodNetwork;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Serves logs, commands and ports of the pods of this node. */
final class LocalPodAccess implements PodAccess {
  private static final byte[] LOOPBACK = {127, 0, 0, 1};

  private final Function<Key, Optional<PodWorker>> pods;

  LocalPodAccess(Function<Key, Optional<PodWorker>> pods) {
    this.pods = pods;
  }

  @Override
  public InputStream logs(
      String namespace, String pod, @Nullable String container, LogOptions options)
      throws IOException {
    ContainerView view = container(namespace, pod, container);
    Path file = options.previous() ? view.previous() : view.log();
    if (options.previous() && (file == null || !Files.exists(file))) {
      throw ApiException.badRequest(
          "previous terminated container \"" + view.name() + "\" in pod \"" + pod + "\" not found");
    }
    if (file == null || !Files.exists(file)) {
      // Waiting to start again: the last run's log is what there is to read.
      Path last = view.previous();
      if (last == null || !Files.exists(last)) {
        throw ApiException.badRequest(
            "container \""
                + view.name()
                + "\" in pod \""
                + pod
                + "\" is waiting to start: "
                + (view.waiting().isEmpty() ? "ContainerCreating" : view.waiting()));
      }
      return new LogStream(last, null, options);
    }
    ContainerLog live = view.live();
    boolean current = live != null && live.file().equals(file);
    return new LogStream(file, current ? live : null, options);
  }

  @Override
  public Session exec(String namespace, String pod, @Nullable String container, ExecRequest request)
      throws IOException {
    if (request.command().isEmpty()) {
      throw ApiException.badRequest("you must specify at least one command for the container");
    }
    return running(namespace, pod, container).exec(request);
  }

  @Override
  public Session attach(
      String namespace, String pod, @Nullable String container, ExecRequest request)
      throws IOException {
    return running(namespace, pod, container).attach(request);
  }

  @Override
  public SocketChannel connect(String namespace, String pod, int port) throws IOException {
    PodNetwork network =
        worker(namespace, pod)
            .network()
            .orElseThrow(
                () ->
                    ApiException.badRequest(
                        "unable to forward port because pod is not running. Current status=Pending"));
    SocketChannel channel = open(network);
    try {
      channel.connect(new InetSocketAddress(InetAddress.getByAddress(LOOPBACK), port));
      return channel;
    } catch (IOException e) {
      channel.close();
      throw new IOException(
          "failed to connect to localhost:"
              + port
              + " inside namespace of pod "
              + namespace
              + "/"
              + pod
              + ": "
              + e.getMessage(),
          e);
    }
  }

  private static SocketChannel open(PodNetwork network) throws IOException {
    try {
      return network.within(() -> SocketChannel.open(StandardProtocolFamily.INET));
    } catch (IOException | RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IOException("cannot open a socket in the pod's namespace", e);
    }
  }

  private RunningContainer running(String namespace, String pod, @Nullable String container) {
    ContainerView view = container(namespace, pod, container);
    RunningContainer running = view.running();
    if (running == null) {
      throw new ApiException(
          500,
          "InternalError",
          "unable to upgrade connection: container not found (\"" + view.name() + "\")");
    }
    return running;
  }

  private PodWorker worker(String namespace, String pod) {
    return pods.apply(new Key(namespace, pod))
        .orElseThrow(() -> ApiException.notFound(Kinds.PODS, pod));
  }

  private ContainerView container(String namespace, String pod, @Nullable String wanted) {
    List<ContainerView> containers = worker(namespace, pod).containers();
    if (wanted != null && !wanted.isEmpty()) {
      return containers.stream()
          .filter(view -> view.name().equals(wanted))
          .findFirst()
          .orElseThrow(
              () ->
                  ApiException.badRequest("container " + wanted + " is not valid for pod " + pod));
    }
    List<ContainerView> main = containers.stream().filter(ContainerView::main).toList();
    if (main.size() == 1) {
      return main.getFirst();
    }
    List<String> names = main.stream().map(ContainerView::name).toList();
    List<String> init =
        containers.stream().filter(view -> !view.main()).map(ContainerView::name).toList();
    throw ApiException.badRequest(
        "a container name must be specified for pod "
            + pod
            + ", choose one of: "
            + bracket(names)
            + (init.isEmpty() ? "" : " or one of the init containers: " + bracket(init)));
  }

  private static String bracket(List<String> names) {
    return "[" + String.join(" ", names) + "]";
  }
}
