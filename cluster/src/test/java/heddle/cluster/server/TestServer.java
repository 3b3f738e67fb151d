package heddle.cluster.server;

import heddle.cluster.auth.Authorizer;
import heddle.cluster.auth.User;
import heddle.cluster.object.ApiException;
import heddle.cluster.operation.Bootstrap;
import heddle.cluster.operation.InProcess;
import heddle.cluster.operation.NoAdmission;
import heddle.cluster.operation.Operations;
import heddle.cluster.store.Store;
import heddle.cluster.type.Types;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** A server without authentication on a free port, over plain HTTP. */
final class TestServer implements AutoCloseable {
  final Store store;
  final Operations operations;
  final InProcess objects;
  final ApiServer server;

  TestServer(Path directory, List<Subresource> subresources, int port) {
    store = Store.open(directory.resolve("state.db"), 1000);
    operations =
        new Operations(
            store, new Types(), new NoAdmission(), "PEM", InstantSource.system(), new Random(1));
    new Bootstrap(operations).run();
    objects = new InProcess(operations, "test");
    User admin = new User("admin", "", List.of("system:masters"), Map.of());
    server =
        ApiServer.start(
            new ApiServer.Settings(
                InetAddress.getLoopbackAddress(),
                port,
                null,
                operations,
                (token, certificate) -> admin,
                (user, attributes) -> new Authorizer.Decision(true, ""),
                body -> {
                  throw new ApiException(415, "UnsupportedMediaType", "no protobuf in this test");
                },
                subresources,
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

  /** For trying things by hand. */
  public static void main(String[] arguments) throws InterruptedException {
    TestServer server =
        new TestServer(Path.of(arguments[0]), List.of(), Integer.parseInt(arguments[1]));
    System.out.println(server.url());
    Thread.currentThread().join();
  }
}
