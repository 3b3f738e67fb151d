package heddle.cluster.node.probe;

import com.fasterxml.jackson.databind.JsonNode;
import heddle.cluster.node.volume.ConfigurationException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a probe or a life cycle hook does. */
public sealed interface Action {

  /**
   * A GET.
   *
   * @param host empty for the pod's address
   */
  record HttpGet(String scheme, String host, int port, String path, Map<String, String> headers)
      implements Action {
    public HttpGet {
      headers = new LinkedHashMap<>(headers);
    }
  }

  /** A connection. */
  record TcpSocket(String host, int port) implements Action {}

  /**
   * A question to the gRPC health service of the pod.
   *
   * @param service whose health is asked for; empty for the server's
   */
  record Grpc(int port, String service) implements Action {}

  /** A command inside the container. */
  record Exec(List<String> command) implements Action {
    public Exec {
      command = List.copyOf(command);
    }
  }

  /** Waiting; hooks only. */
  record Sleep(Duration duration) implements Action {}

  /**
   * Reads the action of a probe or hook.
   *
   * @throws ConfigurationException for one that Heddle does not do or a port name nobody declares
   */
  static Action of(JsonNode handler, JsonNode container) throws ConfigurationException {
    if (handler.has("httpGet")) {
      JsonNode get = handler.path("httpGet");
      Map<String, String> headers = new LinkedHashMap<>();
      get.path("httpHeaders")
          .forEach(h -> headers.put(h.path("name").asText(), h.path("value").asText()));
      return new HttpGet(
          get.path("scheme").asText("HTTP"),
          get.path("host").asText(""),
          port(get.path("port"), container),
          get.path("path").asText("/"),
          headers);
    }
    if (handler.has("tcpSocket")) {
      JsonNode socket = handler.path("tcpSocket");
      return new TcpSocket(socket.path("host").asText(""), port(socket.path("port"), container));
    }
    if (handler.has("grpc")) {
      JsonNode grpc = handler.path("grpc");
      return new Grpc(grpc.path("port").asInt(), grpc.path("service").asText(""));
    }
    if (handler.has("exec")) {
      List<String> command = new ArrayList<>();
      handler.path("exec").path("command").forEach(word -> command.add(word.asText()));
      return new Exec(command);
    }
    if (handler.has("sleep")) {
      return new Sleep(Duration.ofSeconds(handler.path("sleep").path("seconds").asLong()));
    }
    throw new ConfigurationException(
        "container \""
            + container.path("name").asText()
            + "\": unknown probe (expected: httpGet, tcpSocket, grpc or exec)");
  }

  private static int port(JsonNode port, JsonNode container) throws ConfigurationException {
    if (port.isInt()) {
      return port.asInt();
    }
    for (JsonNode declared : container.path("ports")) {
      if (declared.path("name").asText().equals(port.asText())) {
        return declared.path("containerPort").asInt();
      }
    }
    if (port.asText().matches("\\d{1,5}")) {
      return Integer.parseInt(port.asText());
    }
    throw new ConfigurationException(
        "container \""
            + container.path("name").asText()
            + "\": no port is named \""
            + port.asText()
            + "\"");
  }
}
