package heddle.cluster.node.agent;

import com.fasterxml.jackson.databind.node.ObjectNode;
import heddle.cluster.fixture.Json;
import heddle.cluster.fixture.Requirements;
import heddle.cluster.informer.Kinds;
import heddle.cluster.node.PodAccess;
import heddle.cluster.node.PodAccess.LogOptions;
import heddle.cluster.node.volume.PodTokens;
import heddle.cluster.object.Objects;
import heddle.cluster.operation.Bootstrap;
import heddle.cluster.operation.InProcess;
import heddle.cluster.operation.NoAdmission;
import heddle.cluster.operation.Operations;
import heddle.cluster.store.Store;
import heddle.cluster.type.Types;
import heddle.images.Image;
import heddle.images.ImageNotFoundException;
import heddle.network.LinuxNodeNetwork;
import heddle.network.NodeOptions;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Predicate;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/**
 * An API, a network and a node agent that runs the images {@code shell}, {@code web}, {@code
 * fails}.
 */
final class TestNode implements AutoCloseable {
  final Objects objects;
  final NodeAgent agent;
  final LinuxNodeNetwork network;
  private final Store store;

  private TestNode(Path directory) throws IOException {
    Requirements.rootAnd("bwrap", "nsenter", "unshare", "ip", "nft");
    store = Store.open(directory.resolve("state.db"), 1000);
    Operations operations =
        new Operations(
            store, new Types(), new NoAdmission(), "PEM", InstantSource.system(), new Random(7));
    new Bootstrap(operations).run();
    objects = new InProcess(operations, "test");
    network = LinuxNodeNetwork.open(NodeOptions.of("t", directory.resolve("network")));
    agent =
        NodeAgent.start(
            new NodeAgent.Parts(
                "node",
                objects,
                network,
                TestNode::resolve,
                Map.of("web", new Web()),
                new Tokens(),
                directory.resolve("node"),
                Clock.systemUTC(),
                new Random(7),
                null));
  }

  static TestNode in(Path directory) throws IOException {
    return new TestNode(directory);
  }

  private static Image resolve(String reference) throws ImageNotFoundException {
    return switch (reference) {
      case "shell" ->
          new Image.Program(
              reference,
              "a shell for tests",
              List.of("/bin/sh", "-c"),
              List.of("sleep 600"),
              Map.of("FROM_IMAGE", "yes"),
              "/",
              0,
              List.of(),
              Set.of("sh", "sleep", "cat", "hostname", "ls", "test", "curl", "touch", "rm"),
              Map.of());
      case "web" -> new Image.Builtin(reference, "a web server for tests", "web", null);
      default -> throw new ImageNotFoundException("nobody knows " + reference);
    };
  }

  /** A pod bound to the node. */
  ObjectNode pod(String name, String spec) {
    ObjectNode pod =
        Json.of("{metadata:{name:'" + name + "',namespace:'default'},spec:" + spec + "}");
    ((ObjectNode) pod.path("spec")).put("nodeName", "node");
    return objects.create(Kinds.PODS, pod);
  }

  ObjectNode get(String name) {
    return objects.get(Kinds.PODS, "default", name).orElseThrow();
  }

  ObjectNode await(String name, Predicate<ObjectNode> state) {
    return Awaitility.await()
        .atMost(Duration.ofSeconds(40))
        .pollInterval(Duration.ofMillis(20))
        .until(() -> get(name), state);
  }

  void awaitGone(String name) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(40))
        .pollInterval(Duration.ofMillis(20))
        .until(() -> objects.get(Kinds.PODS, "default", name).isEmpty());
  }

  static boolean ready(ObjectNode pod) {
    for (var condition : pod.path("status").path("conditions")) {
      if (condition.path("type").asText().equals("Ready")) {
        return condition.path("status").asText().equals("True");
      }
    }
    return false;
  }

  static Predicate<ObjectNode> phase(String phase) {
    return pod -> pod.path("status").path("phase").asText().equals(phase);
  }

  String log(String pod, @Nullable String container, boolean previous) {
    LogOptions options = new LogOptions(false, previous, false, null, null, null);
    try (InputStream log = access().logs("default", pod, container, options)) {
      return new String(log.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  PodAccess access() {
    return agent.access();
  }

  List<String> events(String pod) {
    return objects.list(Kinds.EVENTS, "default").items().stream()
        .filter(e -> e.path("involvedObject").path("name").asText().equals(pod))
        .map(e -> e.path("reason").asText() + ": " + e.path("message").asText())
        .toList();
  }

  /** As a crash or a stop leaves it: the API's state stays. */
  @Override
  public void close() {
    agent.close();
    network.close();
    store.close();
  }

  private static final class Tokens implements PodTokens {
    @Override
    public String forPod(ObjectNode pod, String audience, long seconds) {
      return "token-of-" + pod.path("metadata").path("name").asText();
    }

    @Override
    public String certificateAuthority() {
      return "PEM";
    }
  }
}
