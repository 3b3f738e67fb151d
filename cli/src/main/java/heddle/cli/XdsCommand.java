package heddle.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import heddle.cli.home.ClusterHome;
import heddle.cli.home.Settings;
import heddle.cli.xds.Part;
import heddle.cli.xds.ServedNode;
import heddle.cli.xds.ServedNodes;
import heddle.cli.xds.Table;
import heddle.control.install.ControllerManifests;
import heddle.kube.KubeApi;
import heddle.kube.KubeException;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "xds",
    mixinStandardHelpOptions = true,
    description = "Looks at what data planes are served.",
    subcommands = XdsCommand.Get.class)
final class XdsCommand implements Runnable {

  private enum Format {
    text,
    json
  }

  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Which command? One of those below.");
  }

  @Command(
      name = "get",
      mixinStandardHelpOptions = true,
      sortOptions = false,
      description = {
        "Shows what a node is served, and which object of the manifests decided it.",
        "Without --node, lists the nodes and whether they have accepted what they are served."
      },
      footer = {
        "",
        "SYNCED: the node has accepted it. STALE: sent, not answered yet. NOT_SENT: "
            + "the node has not asked for it, or nobody is connected. ERROR: the node "
            + "refused it.",
        "",
        "Example: heddle xds get rds --node front-6f7d.shop"
      })
  static final class Get implements Callable<Integer> {

    @Parameters(
        arity = "0..1",
        paramLabel = "lds|rds|cds|eds",
        description = "Listeners, routes, clusters or endpoints.")
    private @Nullable Part part;

    @Option(
        names = "--node",
        paramLabel = "NODE",
        description = "POD, POD.NAMESPACE, a node id, or mesh/MESH/virtualNode/NAME.")
    private @Nullable String node;

    @Mixin private ClusterName cluster = new ClusterName();

    @Option(
        names = {"-o", "--output"},
        paramLabel = "FORMAT",
        defaultValue = "text",
        description = "text or json (default: ${DEFAULT-VALUE}).")
    private Format format = Format.text;

    @Spec private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
      ClusterHome home = cluster.running();
      if (node != null && part == null) {
        throw new ParameterException(spec.commandLine(), "Which? lds, rds, cds or eds");
      }
      try (ServedNodes nodes =
          new ServedNodes(Settings.of(home).adsPort(), home.authority(), token(home))) {
        print(nodes);
      } catch (IOException e) {
        throw CommandFailure.no(String.valueOf(e.getMessage()));
      }
      return ExitCode.DONE;
    }

    private void print(ServedNodes nodes) throws IOException {
      PrintWriter out = spec.commandLine().getOut();
      List<ServedNode> all = nodes.all();
      if (node == null || part == null) {
        out.print(format == Format.json ? json(all) : table(all));
      } else {
        ServedNode found = withContents(nodes, find(all, node), node);
        if (format == Format.json) {
          out.println(found.json(part).toPrettyString());
        } else {
          out.print(found.table(part));
          found.refusals(part).forEach(refusal -> out.println("refused: " + refusal));
        }
      }
      out.flush();
    }

    private static ServedNode withContents(ServedNodes nodes, ServedNode found, String asked)
        throws IOException {
      return nodes.withContents(found.id()).stream()
          .findFirst()
          .orElseThrow(() -> CommandFailure.no("node '" + asked + "' has just gone away"));
    }

    /** Nodes that are served the same are as good as one. */
    private static ServedNode find(List<ServedNode> all, String asked) {
      List<ServedNode> found = all.stream().filter(one -> one.names().contains(asked)).toList();
      if (found.isEmpty()) {
        throw CommandFailure.usage("no node '" + asked + "'" + oneOf(all));
      }
      if (found.stream().map(ServedNode::snapshot).distinct().count() > 1) {
        throw CommandFailure.usage("'" + asked + "' is more than one node" + oneOf(found));
      }
      return found.getFirst();
    }

    private static String oneOf(List<ServedNode> nodes) {
      return nodes.isEmpty()
          ? ": nobody is served anything yet"
          : nodes.stream()
              .map(ServedNode::shortName)
              .collect(Collectors.joining("\n  ", "; ask for one of:\n  ", ""));
    }

    private static Table table(List<ServedNode> nodes) {
      List<String> header = new ArrayList<>(List.of("NODE", "SERVED AS"));
      for (Part part : Part.values()) {
        header.add(part.name().toUpperCase(java.util.Locale.ROOT));
      }
      Table table = new Table(header);
      for (ServedNode node : nodes) {
        List<String> row = new ArrayList<>();
        row.add(node.connected() ? node.shortName() : "(nobody is connected)");
        row.add(node.snapshot().isEmpty() ? "(no node of a mesh)" : node.snapshot());
        for (Part part : Part.values()) {
          row.add(node.connected() ? node.status(part) : "-");
        }
        table.add(row);
      }
      return table;
    }

    private static String json(List<ServedNode> nodes) {
      ObjectNode root = new ObjectMapper().createObjectNode();
      ArrayNode list = root.putArray("nodes");
      for (ServedNode node : nodes) {
        ObjectNode one = list.addObject();
        one.put("node", node.id()).put("snapshot", node.snapshot());
        one.put("connected", node.connected());
        ObjectNode statuses = one.putObject("statuses");
        for (Part part : Part.values()) {
          statuses.put(part.name(), node.status(part));
        }
      }
      return root.toPrettyString() + "\n";
    }

    /** An administrator lends himself the account that may look, for ten minutes. */
    private static String token(ClusterHome home) {
      ObjectNode request = new ObjectMapper().createObjectNode();
      request.put("apiVersion", "authentication.k8s.io/v1").put("kind", "TokenRequest");
      request.putObject("spec").put("expirationSeconds", 600);
      String path =
          "/api/v1/namespaces/%s/serviceaccounts/%s/token"
              .formatted(ControllerManifests.NAMESPACE, ControllerManifests.XDS_VIEWER);
      try (KubeApi api = KubeApi.ofKubeconfig(home.kubeconfig())) {
        String answer = api.raw("POST", path, "application/json", request.toString());
        return new ObjectMapper().readTree(answer).path("status").path("token").asText();
      } catch (KubeException | IOException e) {
        throw CommandFailure.no("no token to look with: " + e.getMessage());
      }
    }
  }
}
