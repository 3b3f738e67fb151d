package heddle.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import heddle.cli.home.ClusterHome;
import heddle.cli.home.Settings;
import heddle.control.inject.DataPlane;
import heddle.kube.KubeApi;
import heddle.kube.KubeKind;
import heddle.kube.KubeObject;
import heddle.kube.Scope;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(
    name = "status",
    mixinStandardHelpOptions = true,
    description = "Says how a cluster is: what is Ready, and what is not and why.")
final class StatusCommand implements Callable<Integer> {

  @Mixin private ClusterName cluster = new ClusterName();

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    ClusterHome home = cluster.running();
    PrintWriter out = spec.commandLine().getOut();
    try (KubeApi api = KubeApi.ofKubeconfig(home.kubeconfig())) {
      String version =
          new ObjectMapper()
              .readTree(api.raw("GET", "/version", "", ""))
              .path("gitVersion")
              .asText();
      List<KubeObject> pods = api.list(KubeKind.POD, Scope.everywhere()).items();
      List<KubeObject> waiting = pods.stream().filter(pod -> !Readiness.ready(pod)).toList();
      out.printf("cluster     %s, up%n", home.name());
      out.printf("api         %s, Kubernetes %s%n", api.server(), version);
      out.printf("data plane  %s%n", dataPlanes(Settings.of(home).dataPlane(), pods));
      out.printf("pods        %d, %d Ready%n", pods.size(), pods.size() - waiting.size());
      waiting.forEach(pod -> out.printf("            %s: %s%n", pod.key(), Readiness.reason(pod)));
      return waiting.isEmpty() ? ExitCode.DONE : ExitCode.NO;
    }
  }

  /** The cluster's own, and how many pods of the mesh have which. */
  private static String dataPlanes(DataPlane standard, List<KubeObject> pods) {
    Map<String, Long> counts =
        pods.stream()
            .filter(StatusCommand::inMesh)
            .map(pod -> pod.annotations().getOrDefault(DataPlane.ANNOTATION, "embedded"))
            .collect(Collectors.groupingBy(word -> word, TreeMap::new, Collectors.counting()));
    return counts.entrySet().stream()
        .map(entry -> entry.getKey() + ": " + entry.getValue() + " pods")
        .collect(Collectors.joining(", ", standard.word() + " (", ")"))
        .replace(" ()", "");
  }

  private static boolean inMesh(KubeObject pod) {
    return pod.spec()
        .path("containers")
        .valueStream()
        .anyMatch(container -> container.path("name").asText().equals("envoy"));
  }
}
