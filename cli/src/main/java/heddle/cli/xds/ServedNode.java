package heddle.cli.xds;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import heddle.mesh.emit.XdsJson;
import heddle.xds.NodeName;
import io.envoyproxy.envoy.service.status.v3.ClientConfig;
import io.envoyproxy.envoy.service.status.v3.ClientConfig.GenericXdsConfig;
import io.envoyproxy.envoy.service.status.v3.ConfigStatus;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** A node, what it is served, and whether it has accepted that. */
public final class ServedNode {

  private static final ObjectMapper MAPPER = new ObjectMapper();

  /** The worst first. */
  private static final List<ConfigStatus> STATUSES =
      List.of(ConfigStatus.ERROR, ConfigStatus.NOT_SENT, ConfigStatus.STALE, ConfigStatus.SYNCED);

  private final ClientConfig config;

  ServedNode(ClientConfig config) {
    this.config = config;
  }

  /** The node's own id. */
  public String id() {
    return config.getNode().getId();
  }

  /** The key of its snapshot: {@code mesh/MESH/virtualNode/NAME}; empty while it has none. */
  public String snapshot() {
    return config.getNode().getCluster();
  }

  /** What people call it: {@code POD.NAMESPACE}, or its id. */
  public String shortName() {
    return NodeName.parse(id()) instanceof NodeName.OfPod pod
        ? pod.pod() + "." + pod.namespace()
        : id();
  }

  /** Whether a data plane is connected as this node. */
  public boolean connected() {
    return !id().equals(snapshot());
  }

  /** Every name by which the node may be asked for. */
  public Set<String> names() {
    Set<String> names = new TreeSet<>(List.of(id(), shortName()));
    if (!snapshot().isEmpty()) {
      names.add(snapshot());
      names.add(snapshot().substring(snapshot().lastIndexOf('/') + 1));
    }
    if (NodeName.parse(id()) instanceof NodeName.OfPod pod) {
      names.add(pod.pod());
      names.add(pod.namespace() + "/" + pod.pod());
    }
    return names;
  }

  /** The worst status of a part's resources; {@code -} where there are none. */
  public String status(Part part) {
    Set<ConfigStatus> found =
        resources(part).stream().map(GenericXdsConfig::getConfigStatus).collect(Collectors.toSet());
    return STATUSES.stream().filter(found::contains).map(Enum::name).findFirst().orElse("-");
  }

  /**
   * {@code node}, {@code snapshot}, {@code type_url}, {@code resources} in Envoy's own JSON, and
   * {@code statuses} by name.
   */
  public ObjectNode json(Part part) {
    ObjectNode root = MAPPER.createObjectNode();
    root.put("node", id()).put("snapshot", snapshot()).put("type_url", part.type().typeUrl());
    ArrayNode list = root.putArray("resources");
    ObjectNode statuses = root.putObject("statuses");
    XdsJson json = new XdsJson();
    for (GenericXdsConfig resource : resources(part)) {
      try {
        list.add(MAPPER.readTree(json.print(message(part, resource))));
      } catch (JsonProcessingException e) {
        throw new IllegalStateException("not JSON: " + resource.getName(), e);
      }
      statuses.put(resource.getName(), resource.getConfigStatus().name());
    }
    return root;
  }

  /** A table for people. */
  public Table table(Part part) {
    Table table = new Table(Rows.header(part));
    for (GenericXdsConfig resource : resources(part)) {
      Rows.of(message(part, resource), resource.getConfigStatus().name()).forEach(table::add);
    }
    return table;
  }

  /** What the node said of what it refused, one sentence for each. */
  public List<String> refusals(Part part) {
    return resources(part).stream()
        .filter(resource -> resource.getConfigStatus() == ConfigStatus.ERROR)
        .map(resource -> resource.getName() + ": " + resource.getErrorState().getDetails())
        .toList();
  }

  private List<GenericXdsConfig> resources(Part part) {
    return config.getGenericXdsConfigsList().stream()
        .filter(resource -> resource.getTypeUrl().equals(part.type().typeUrl()))
        .toList();
  }

  private static Message message(Part part, GenericXdsConfig resource) {
    try {
      return part.type().unpack(resource.getXdsConfig());
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("not a " + part + ": " + resource.getName(), e);
    }
  }
}
