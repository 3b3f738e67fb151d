package heddle.cluster.server;

import heddle.cluster.object.ApiException;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * How a client wants an answer, from its Accept header: the first range that can be served wins.
 * Protobuf is asked for but never required; JSON answers it.
 *
 * @param form what is sent
 * @param version version parameter of the transformed form, such as {@code v1}
 */
record Representation(Form form, String version) {

  enum Form {
    OBJECT,
    TABLE,
    PARTIAL,
    DISCOVERY
  }

  static Representation of(Exchange exchange) {
    List<String> accepts = exchange.headers("accept");
    if (accepts.isEmpty()) {
      return new Representation(Form.OBJECT, "");
    }
    for (String range : String.join(",", accepts).split(",", -1)) {
      Map<String, String> parameters = new HashMap<>();
      String type = parse(range, parameters);
      if (!known(type)) {
        continue;
      }
      String as = parameters.getOrDefault("as", "");
      String version = parameters.getOrDefault("v", "");
      switch (as) {
        case "" -> {
          return new Representation(Form.OBJECT, "");
        }
        case "Table" -> {
          return new Representation(Form.TABLE, version);
        }
        case "PartialObjectMetadata", "PartialObjectMetadataList" -> {
          return new Representation(Form.PARTIAL, version);
        }
        case "APIGroupDiscoveryList" -> {
          return new Representation(Form.DISCOVERY, version);
        }
        default -> {}
      }
    }
    throw new ApiException(
        406,
        "NotAcceptable",
        "only the following media types are accepted: application/json, application/json;as=Table;"
            + "v=v1;g=meta.k8s.io");
  }

  private static boolean known(String type) {
    return switch (type) {
      case "application/json", "application/*", "*/*", "" -> true;
      case "application/vnd.kubernetes.protobuf", "text/html" -> true;
      default -> false;
    };
  }

  private static String parse(String range, Map<String, String> parameters) {
    String[] parts = range.split(";", -1);
    for (int i = 1; i < parts.length; i++) {
      int equals = parts[i].indexOf('=');
      if (equals > 0) {
        parameters.put(
            parts[i].substring(0, equals).strip(), parts[i].substring(equals + 1).strip());
      }
    }
    return parts[0].strip().toLowerCase(Locale.ROOT);
  }
}
