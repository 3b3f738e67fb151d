package heddle.bench.control;

import com.fasterxml.jackson.databind.node.ObjectNode;
import heddle.cluster.admission.Admission;
import heddle.cluster.auth.Authorizer;
import heddle.cluster.auth.User;
import heddle.cluster.object.ApiException;
import heddle.cluster.operation.Bootstrap;
import heddle.cluster.operation.Operations;
import heddle.cluster.server.ApiServer;
import heddle.cluster.store.Store;
import heddle.cluster.type.Types;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Heddle's API server and its store in this process, without TLS, authentication, webhooks and
 * controllers: nobody schedules the pods.
 */
final class EmbeddedApi implements AutoCloseable {
  private static final int HISTORY = 20_000;

  private final Store store;
  private final ApiServer server;

  EmbeddedApi(Path directory) {
    store = Store.open(directory.resolve("state.db"), HISTORY);
    Operations operations =
        new Operations(
            store, new Types(), new Everything(), "", InstantSource.system(), new Random(1));
    new Bootstrap(operations).run();
    User admin = new User("admin", "", List.of(User.MASTERS), Map.of());
    server =
        ApiServer.start(
            new ApiServer.Settings(
                InetAddress.getLoopbackAddress(),
                0,
                null,
                operations,
                (token, certificate) -> admin,
                (user, attributes) -> new Authorizer.Decision(true, ""),
                body -> {
                  throw new ApiException(415, "UnsupportedMediaType", "JSON only");
                },
                List.of(),
                InstantSource.system(),
                new Random(2)));
  }

  String url() {
    return "http://127.0.0.1:" + server.port();
  }

  @Override
  public void close() {
    server.close();
    store.close();
  }

  private static final class Everything implements Admission {
    @Override
    public Outcome mutate(Request request) {
      ObjectNode object = request.object();
      return new Outcome(object, List.of());
    }

    @Override
    public List<String> validate(Request request) {
      return List.of();
    }
  }
}
