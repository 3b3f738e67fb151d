package heddle.scenario;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a command left behind.
 *
 * @param exit its exit code; {@link #TIMED_OUT} when it was ended because it took too long
 * @param environment variables as they were at its end
 */
public record Output(int exit, String stdout, String stderr, Map<String, String> environment) {
  /** As the {@code timeout} command says it. */
  public static final int TIMED_OUT = 124;

  public Output {
    environment = Collections.unmodifiableMap(new LinkedHashMap<>(environment));
  }

  /** The last line that says something, for the table. */
  String lastLine() {
    return lastLine(stdout);
  }

  static String lastLine(String text) {
    List<String> lines = text.lines().map(String::strip).filter(line -> !line.isEmpty()).toList();
    return lines.isEmpty() ? "" : lines.getLast();
  }
}
