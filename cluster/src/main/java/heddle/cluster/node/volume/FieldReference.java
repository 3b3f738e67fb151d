package heddle.cluster.node.volume;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import heddle.cluster.object.Metadata;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the pod's own fields for {@code fieldRef} and {@code resourceFieldRef}. */
public final class FieldReference {
  private static final Pattern SUBSCRIPT =
      Pattern.compile("metadata\\.(labels|annotations)\\['([^']*)'\\]");
  private static final Map<String, BigDecimal> UNITS =
      Map.ofEntries(
          Map.entry("m", new BigDecimal("0.001")),
          Map.entry("k", BigDecimal.valueOf(1000)),
          Map.entry("M", BigDecimal.valueOf(1_000_000)),
          Map.entry("G", BigDecimal.valueOf(1_000_000_000)),
          Map.entry("T", BigDecimal.valueOf(1_000_000_000_000L)),
          Map.entry("Ki", BigDecimal.valueOf(1L << 10)),
          Map.entry("Mi", BigDecimal.valueOf(1L << 20)),
          Map.entry("Gi", BigDecimal.valueOf(1L << 30)),
          Map.entry("Ti", BigDecimal.valueOf(1L << 40)));

  private FieldReference() {}

  /**
   * The value of a field path.
   *
   * @param pod with {@code status.podIP} and {@code status.hostIP} filled in
   */
  public static String field(ObjectNode pod, String path) throws ConfigurationException {
    Matcher subscript = SUBSCRIPT.matcher(path);
    if (subscript.matches()) {
      return pod.path("metadata").path(subscript.group(1)).path(subscript.group(2)).asText("");
    }
    return switch (path) {
      case "metadata.name" -> Metadata.name(pod);
      case "metadata.namespace" -> Metadata.namespace(pod);
      case "metadata.uid" -> Metadata.uid(pod);
      case "metadata.labels", "metadata.annotations" ->
          lines(pod.path("metadata").path(path.substring("metadata.".length())));
      case "spec.nodeName" -> pod.path("spec").path("nodeName").asText("");
      case "spec.serviceAccountName" ->
          pod.path("spec").path("serviceAccountName").asText("default");
      case "status.podIP", "status.podIPs" -> pod.path("status").path("podIP").asText("");
      case "status.hostIP", "status.hostIPs" -> pod.path("status").path("hostIP").asText("");
      default -> throw new ConfigurationException("unsupported fieldPath: " + path);
    };
  }

  private static String lines(JsonNode map) {
    StringBuilder text = new StringBuilder();
    new TreeMap<>(Metadata.strings(map))
        .forEach(
            (key, value) ->
                text.append(key)
                    .append("=\"")
                    .append(value.replace("\\", "\\\\").replace("\"", "\\\""))
                    .append("\"\n"));
    return text.isEmpty() ? "" : text.substring(0, text.length() - 1);
  }

  /**
   * The value of a {@code resourceFieldRef}: a container's limit or request, else what the node
   * has.
   *
   * @param reference {@code resource}, {@code divisor} and optionally {@code containerName}
   * @param allocatable of the node
   */
  public static String resource(
      ObjectNode pod, String container, JsonNode reference, JsonNode allocatable)
      throws ConfigurationException {
    String resource = reference.path("resource").asText();
    String wanted = reference.path("containerName").asText(container);
    int dot = resource.indexOf('.');
    String kind = dot < 0 ? "" : resource.substring(0, dot);
    if (!kind.equals("limits") && !kind.equals("requests")) {
      throw new ConfigurationException("unsupported container resource: " + resource);
    }
    String name = resource.substring(dot + 1);
    JsonNode resources = container(pod, wanted).path("resources");
    JsonNode quantity = resources.path(kind).path(name);
    if (quantity.isMissingNode()) {
      quantity = resources.path("limits").path(name);
    }
    if (quantity.isMissingNode()) {
      quantity = allocatable.path(name);
    }
    BigDecimal divisor = quantity(reference.path("divisor").asText("1"));
    if (divisor.signum() == 0) {
      divisor = BigDecimal.ONE;
    }
    return quantity(quantity.asText("0"))
        .divide(divisor, 0, RoundingMode.CEILING)
        .toBigInteger()
        .toString();
  }

  private static JsonNode container(ObjectNode pod, String name) throws ConfigurationException {
    for (String list : new String[] {"containers", "initContainers"}) {
      for (JsonNode container : pod.path("spec").path(list)) {
        if (container.path("name").asText().equals(name)) {
          return container;
        }
      }
    }
    throw new ConfigurationException("container " + name + " not found");
  }

  static BigDecimal quantity(String text) throws ConfigurationException {
    int unit = text.length();
    while (unit > 0 && Character.isLetter(text.charAt(unit - 1))) {
      unit--;
    }
    BigDecimal factor = unit == text.length() ? BigDecimal.ONE : UNITS.get(text.substring(unit));
    try {
      if (factor == null) {
        return new BigDecimal(text);
      }
      return new BigDecimal(text.substring(0, unit)).multiply(factor);
    } catch (NumberFormatException e) {
      throw new ConfigurationException("\"" + text + "\" is not a quantity");
    }
  }
}
