package heddle.control.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import heddle.control.view.ClusterView;
import heddle.kube.KubeObject;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The names that App Mesh gave its resources, as the status fields {@code <kind>ARN}. Region and
 * account are fixed: there is one of each here.
 */
public final class Arns {
  static final String PREFIX = "arn:aws:appmesh:us-west-2:000000000000:mesh/";

  private final ClusterView view;

  public Arns(ClusterView view) {
    this.view = view;
  }

  /** The status fields of a resource; none while its mesh or gateway is not known. */
  public Map<String, JsonNode> fields(KubeObject object) {
    Map<String, JsonNode> fields = new LinkedHashMap<>();
    arn(object).ifPresent(arn -> fields.put(member(object.kind()) + "ARN", TextNode.valueOf(arn)));
    if (object.kind().equals("VirtualRouter")) {
      arn(object).ifPresent(arn -> fields.put("routeARNs", routes(object, arn)));
    }
    return fields;
  }

  /** The ARN of a resource. */
  Optional<String> arn(KubeObject object) {
    String name = awsName(object);
    return switch (object.kind()) {
      case "Mesh" -> Optional.of(PREFIX + name);
      case "GatewayRoute" -> gateway(object).map(arn -> arn + "/gatewayRoute/" + name);
      case "BackendGroup" -> Optional.empty();
      default -> mesh(object).map(arn -> arn + "/" + member(object.kind()) + "/" + name);
    };
  }

  private Optional<String> mesh(KubeObject member) {
    String name = member.spec().path("meshRef").path("name").asText();
    return view.meshObject("Mesh", "", name).map(mesh -> PREFIX + awsName(mesh));
  }

  private Optional<String> gateway(KubeObject route) {
    JsonNode reference = route.spec().path("virtualGatewayRef");
    String namespace = reference.path("namespace").asText(route.namespace());
    return view.meshObject("VirtualGateway", namespace, reference.path("name").asText())
        .flatMap(this::arn);
  }

  private static ObjectNode routes(KubeObject router, String arn) {
    ObjectNode routes = JsonNodeFactory.instance.objectNode();
    for (JsonNode route : router.spec().path("routes")) {
      String name = route.path("name").asText();
      routes.put(name, arn + "/route/" + name);
    }
    return routes;
  }

  /** {@code spec.awsName}, or the default of the kind. */
  static String awsName(KubeObject object) {
    String given = object.spec().path("awsName").asText();
    if (!given.isEmpty()) {
      return given;
    }
    return switch (object.kind()) {
      case "Mesh" -> object.name();
      case "VirtualService" -> object.name() + "." + object.namespace();
      default -> object.name() + "_" + object.namespace();
    };
  }

  private static String member(String kind) {
    return kind.substring(0, 1).toLowerCase(Locale.ROOT) + kind.substring(1);
  }
}
