package heddle.scenario;

import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Compares an output with what was expected of it. */
final class Checker {
  private static final Duration JQ = Duration.ofSeconds(30);
  private static final Pattern VARIABLE = Pattern.compile("\\$\\{([A-Za-z_][A-Za-z0-9_]*)}");

  private final Shell shell;

  Checker(Shell shell) {
    this.shell = shell;
  }

  /** What is wrong, or nothing. */
  Optional<String> problem(Expectation expectation, Output output, Map<String, String> variables)
      throws IOException, InterruptedException {
    String stdout = output.stdout();
    return switch (expectation) {
      case Expectation.Exit(var code) -> output.exit() == code ? ok() : Optional.of(exit(output));
      case Expectation.Is(var text) ->
          stdout.strip().equals(fill(text, variables).strip())
              ? ok()
              : Optional.of("got: " + stdout.strip());
      case Expectation.Contains(var text) ->
          stdout.contains(fill(text, variables))
              ? ok()
              : Optional.of("no \"" + fill(text, variables) + "\" in: " + stdout.strip());
      case Expectation.Lacks(var text) ->
          stdout.contains(fill(text, variables))
              ? Optional.of("\"" + fill(text, variables) + "\" in: " + stdout.strip())
              : ok();
      case Expectation.Matches(var pattern) ->
          matching(pattern, stdout) > 0
              ? ok()
              : Optional.of("no match of /" + pattern + "/ in: " + stdout.strip());
      case Expectation.Count(var pattern, var lines) ->
          matching(pattern, stdout) == lines
              ? ok()
              : Optional.of(matching(pattern, stdout) + " lines match /" + pattern + "/");
      case Expectation.Jq(var expression) -> jq(fill(expression, variables), output, variables);
    };
  }

  static String fill(String text, Map<String, String> variables) {
    return VARIABLE
        .matcher(text)
        .replaceAll(found -> Matcher.quoteReplacement(variables.getOrDefault(found.group(1), "")));
  }

  private Optional<String> jq(String expression, Output output, Map<String, String> variables)
      throws IOException, InterruptedException {
    var environment = new LinkedHashMap<>(variables);
    environment.put("HEDDLE_JQ", expression);
    Output answer = shell.start("jq -e \"$HEDDLE_JQ\"", environment, output.stdout()).await(JQ);
    if (answer.exit() == 0) {
      return ok();
    }
    String said = answer.exit() == 1 ? output.stdout() : answer.stderr();
    return Optional.of("not " + expression + ": " + said.strip());
  }

  private static long matching(Pattern pattern, String text) {
    return text.lines().filter(line -> pattern.matcher(line).find()).count();
  }

  private static String exit(Output output) {
    String said = Output.lastLine(output.stderr().isBlank() ? output.stdout() : output.stderr());
    String code = output.exit() == Output.TIMED_OUT ? "took too long" : "exit " + output.exit();
    return said.isEmpty() ? code : code + ": " + said;
  }

  private static Optional<String> ok() {
    return Optional.empty();
  }
}
