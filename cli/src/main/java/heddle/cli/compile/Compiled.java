package heddle.cli.compile;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.Message;
import heddle.manifest.Document;
import heddle.mesh.CompiledMesh;
import heddle.mesh.emit.NodeConfig;
import heddle.mesh.emit.StaticBootstrap;
import heddle.mesh.emit.XdsJson;
import heddle.mesh.input.KubernetesDocuments;
import heddle.mesh.input.Pod;
import heddle.mesh.lint.LintReport;
import heddle.mesh.model.ProxyNode;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** What manifests were compiled to, ready to be shown. Endpoints are those of Pods among them. */
public final class Compiled {

  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final CompiledMesh mesh;
  private final Map<String, ClusterLoadAssignment> endpoints;
  private final XdsJson json = new XdsJson();

  public Compiled(LintReport report) {
    this.mesh = report.mesh();
    this.endpoints = mesh.endpoints(pods(report.documents()));
  }

  private static List<Pod> pods(List<Document> documents) {
    return documents.stream()
        .filter(KubernetesDocuments::isPod)
        .map(KubernetesDocuments::pod)
        .flatMap(Optional::stream)
        .toList();
  }

  /** The ids of all nodes. */
  public List<String> nodes() {
    return List.copyOf(mesh.nodes().keySet());
  }

  /** Those that a user may mean: by id, or by the name at its end. */
  public List<String> nodes(String asked) {
    return nodes().stream().filter(id -> id.equals(asked) || id.endsWith("/" + asked)).toList();
  }

  /** These nodes as xDS. */
  public String xds(List<String> nodes) {
    ArrayNode list = MAPPER.createArrayNode();
    for (String id : nodes) {
      NodeConfig node = node(id);
      ObjectNode one = list.addObject().put("node", id);
      one.set("listeners", tree(node.listeners()));
      one.set("routes", tree(node.routes()));
      one.set("clusters", tree(node.clusters()));
      one.set(
          "endpoints",
          tree(node.edsClusters().stream().map(endpoints::get).filter(Objects::nonNull).toList()));
    }
    return list.toPrettyString() + "\n";
  }

  /** These nodes as the model that xDS is made from. */
  public String model(List<String> nodes) {
    ArrayNode list = MAPPER.createArrayNode();
    for (ProxyNode node : mesh.model().nodes()) {
      if (nodes.contains(node.id())) {
        list.add(ModelJson.of(node));
      }
    }
    return list.toPrettyString() + "\n";
  }

  /** A node as a file for Envoy. */
  public StaticBootstrap bootstrap(String node) {
    return StaticBootstrap.of(node(node), endpoints);
  }

  /** A file for Envoy, in the JSON that it reads. */
  public String print(StaticBootstrap file) {
    return tree(json.print(file.bootstrap())).toPrettyString() + "\n";
  }

  private NodeConfig node(String id) {
    return Objects.requireNonNull(mesh.nodes().get(id), id);
  }

  private JsonNode tree(List<? extends Message> messages) {
    return tree(json.printAll(messages));
  }

  private static JsonNode tree(String text) {
    try {
      return MAPPER.readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("not JSON", e);
    }
  }
}
