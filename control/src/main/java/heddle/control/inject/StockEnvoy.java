package heddle.control.inject;

import com.fasterxml.jackson.databind.node.ObjectNode;
import heddle.control.install.ControllerManifests;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Makes a container run a stock Envoy that subscribes to the mesh controller. All it needs beyond
 * the image is in the container's own command, so the pod says everything about its proxy.
 */
final class StockEnvoy {

  private static final String SCRIPT = "envoy.sh";

  /** The pod's redirection spares sockets with this mark: those of Envoy's upstreams. */
  private static final int PROXY_MARK = 1337;

  private StockEnvoy() {}

  /** Overwrites what the container has of image, command and rights. */
  static void into(ObjectNode container, String image) {
    container.put("image", image);
    container.putArray("command").add("/bin/bash").add("-c").add(script());
    container.remove("args");
    ObjectNode security = container.withObjectProperty("securityContext");
    // To mark sockets takes NET_ADMIN, which only root keeps over an exec.
    security.put("runAsUser", 0);
    ObjectNode capabilities = security.putObject("capabilities");
    capabilities.putArray("drop").add("ALL");
    capabilities.putArray("add").add("NET_ADMIN").add("NET_BIND_SERVICE");
  }

  /** The variables of the script with fixed values. */
  static Map<String, String> variables(boolean gateway) {
    Map<String, String> variables = new LinkedHashMap<>();
    variables.put("HEDDLE_NODE_KIND", gateway ? "router" : "sidecar");
    variables.put("HEDDLE_PROXY_MARK", String.valueOf(PROXY_MARK));
    variables.put("HEDDLE_XDS_HOST", ControllerManifests.XDS_HOST);
    variables.put("HEDDLE_XDS_PORT", String.valueOf(ControllerManifests.XDS_PORT));
    return variables;
  }

  /** The variables of the script that are fields of the pod. */
  static Map<String, String> fields() {
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("POD_IP", "status.podIP");
    fields.put("POD_NAME", "metadata.name");
    fields.put("POD_NAMESPACE", "metadata.namespace");
    return fields;
  }

  private static String script() {
    try (InputStream in = StockEnvoy.class.getResourceAsStream(SCRIPT)) {
      if (in == null) {
        throw new IllegalStateException(SCRIPT + " is missing from the program");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("reading " + SCRIPT, e);
    }
  }
}
