package heddle.cli.wiring;

import heddle.cluster.node.InProcessProgram;
import heddle.network.Interception;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The init container {@code proxyinit}: installs the rules that send a pod's traffic to its
 * sidecar, as its environment says (App Mesh: aws-appmesh-proxy-route-manager).
 */
final class RedirectProgram implements InProcessProgram {

  @Override
  public Running start(Context context) {
    Map<String, String> environment = context.environment();
    if (!environment.getOrDefault("APPMESH_START_ENABLED", "1").equals("1")) {
      context.log().accept("APPMESH_START_ENABLED is not 1: nothing is redirected");
      return new Done();
    }
    Interception rules =
        new Interception(
            port(environment, "APPMESH_ENVOY_INGRESS_PORT", 15000),
            port(environment, "APPMESH_ENVOY_EGRESS_PORT", 15001),
            ports(environment, "APPMESH_APP_PORTS"),
            port(environment, "APPMESH_IGNORE_UID", 1337),
            ports(environment, "APPMESH_EGRESS_IGNORED_PORTS"),
            items(environment, "APPMESH_EGRESS_IGNORED_IP").map(RedirectProgram::range).toList());
    context.network().intercept(rules);
    context.log().accept("redirecting: " + rules);
    return new Done();
  }

  private static int port(Map<String, String> environment, String name, int otherwise) {
    String value = environment.getOrDefault(name, "");
    return value.isEmpty() ? otherwise : number(name, value);
  }

  private static int number(String name, String value) {
    try {
      return Integer.parseInt(value.strip());
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(name + ": '" + value + "' (expected: a number)", e);
    }
  }

  private static Set<Integer> ports(Map<String, String> environment, String name) {
    return items(environment, name).map(item -> number(name, item)).collect(Collectors.toSet());
  }

  private static Stream<String> items(Map<String, String> environment, String name) {
    List<String> items = Arrays.asList(environment.getOrDefault(name, "").split(","));
    return items.stream().map(String::strip).filter(item -> !item.isEmpty());
  }

  private static String range(String address) {
    return address.contains("/") ? address : address + "/32";
  }

  /** An init program ends when its work is done. */
  private static final class Done implements Running {
    @Override
    public void terminate(Duration grace) {
      // It has ended already.
    }

    @Override
    public void kill() {
      // It has ended already.
    }

    @Override
    public CompletionStage<Integer> exit() {
      return CompletableFuture.completedFuture(0);
    }
  }
}
