package heddle.differential;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * One folder of {@code spec/traffic}.
 *
 * @param why the behaviour that it proves, in one sentence
 * @param config fragments over the base configuration
 * @param mesh what its manifest compiles to, instead of the base; empty if it has none
 * @param upstreams by name
 * @param alike upstreams with one script, which are named in the order in which they are used
 * @param ignore what cannot be equal here, by pattern of the observation's line, with the reason
 * @param differs what deliberately differs, by pattern of the observation's line
 */
record Scenario(
    Path folder,
    String name,
    String why,
    ObjectNode config,
    CompiledNode mesh,
    Map<String, UpstreamScript> upstreams,
    Set<String> alike,
    List<Step> steps,
    Expectation expectation,
    Map<String, String> ignore,
    Map<String, Difference> differs) {

  /** A deliberate difference: why, and what each of the two shows; empty for whatever. */
  record Difference(String reason, String embedded, String envoy) {}
}
