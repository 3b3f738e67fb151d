package heddle.mesh.input;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A {@code v1 Service} as the mesh sees it.
 *
 * @param selector empty when the service selects no pods by itself
 * @param externalName empty unless it is an ExternalName service
 */
public record KubernetesService(
    String namespace,
    String name,
    Map<String, String> selector,
    List<Port> ports,
    boolean headless,
    String externalName) {

  public KubernetesService {
    selector = Collections.unmodifiableMap(new LinkedHashMap<>(selector));
    ports = List.copyOf(ports);
  }

  /**
   * One port.
   *
   * @param targetPort a number, or the name of a container port
   */
  public record Port(int port, String targetPort) {}

  /** Whether its endpoints are the pods that its selector finds. */
  public boolean selectsPods() {
    return externalName.isEmpty() && !selector.isEmpty();
  }
}
