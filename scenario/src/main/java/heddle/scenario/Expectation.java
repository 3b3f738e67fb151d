package heddle.scenario;

import java.util.regex.Pattern;

/** What must be true of an action's output. {@code ${NAME}} in texts is the step's variable. */
public sealed interface Expectation {

  /** In the table's words. */
  String words();

  /** The exit code is this one. Every step without it expects 0. */
  record Exit(int code) implements Expectation {
    @Override
    public String words() {
      return "exit " + code;
    }
  }

  /** Standard output, without blanks at its ends, is this. */
  record Is(String text) implements Expectation {
    @Override
    public String words() {
      return text;
    }
  }

  /** Standard output contains this. */
  record Contains(String text) implements Expectation {
    @Override
    public String words() {
      return text;
    }
  }

  /** Standard output does not contain this. */
  record Lacks(String text) implements Expectation {
    @Override
    public String words() {
      return "no " + text;
    }
  }

  /** A line of standard output has a match. */
  record Matches(Pattern pattern) implements Expectation {
    @Override
    public String words() {
      return "/" + pattern + "/";
    }
  }

  /** So many lines of standard output have a match. */
  record Count(Pattern pattern, long lines) implements Expectation {
    @Override
    public String words() {
      return lines + " × /" + pattern + "/";
    }
  }

  /** The jq expression is true of standard output. */
  record Jq(String expression) implements Expectation {
    @Override
    public String words() {
      return expression;
    }
  }
}
