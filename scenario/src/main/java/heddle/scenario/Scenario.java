package heddle.scenario;

import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A walkthrough that checks itself.
 *
 * @param folder where its commands run, so that they find the files beside it
 * @param needs programs its commands use
 * @param variables environment of its commands, each a default that the caller may replace
 */
public record Scenario(
    String name,
    String description,
    Path folder,
    List<String> needs,
    Map<String, String> variables,
    List<Step> steps) {
  public Scenario {
    needs = List.copyOf(needs);
    variables = Collections.unmodifiableMap(new LinkedHashMap<>(variables));
    steps = List.copyOf(steps);
  }
}
