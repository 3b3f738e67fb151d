package heddle.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import heddle.cli.home.ClusterHome;
import heddle.kube.KubeApi;
import heddle.kube.KubeKind;
import heddle.kube.KubeObject;
import heddle.kube.Scope;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
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
      out.printf("data plane  embedded%n");
      out.printf("pods        %d, %d Ready%n", pods.size(), pods.size() - waiting.size());
      waiting.forEach(pod -> out.printf("            %s: %s%n", pod.key(), Readiness.reason(pod)));
      return waiting.isEmpty() ? ExitCode.DONE : ExitCode.NO;
    }
  }
}
