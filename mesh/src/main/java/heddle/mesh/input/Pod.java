package heddle.mesh.input;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A pod that has an address.
 *
 * @param ip its address
 * @param containerPorts the numbers of named container ports
 * @param ready whether it takes traffic: its Ready condition is True and its deletion has not begun
 */
public record Pod(
    String namespace,
    String name,
    String ip,
    Map<String, String> labels,
    Map<String, Integer> containerPorts,
    boolean ready) {

  public Pod {
    labels = Collections.unmodifiableMap(new LinkedHashMap<>(labels));
    containerPorts = Collections.unmodifiableMap(new LinkedHashMap<>(containerPorts));
  }
}
