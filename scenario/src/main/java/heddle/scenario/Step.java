package heddle.scenario;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * One step: something is done, and what comes of it is compared.
 *
 * @param when a command; the step is left out unless it exits with 0
 * @param within how long the action is repeated until the expectations hold; empty: it is done once
 * @param timeout of one run of the action
 * @param expected what the table says is expected; empty: the expectations' own words
 * @param observe a command that reads the output and prints what the table shows of it
 */
public record Step(
    String name,
    Action action,
    Optional<String> when,
    Optional<Duration> within,
    Duration timeout,
    String expected,
    Optional<String> observe,
    List<Expectation> expectations) {
  public Step {
    expectations = List.copyOf(expectations);
  }

  /** What a step does. */
  public sealed interface Action {
    /** Runs a bash script; variables that it sets are the later steps' too. */
    record Run(String script) implements Action {}

    /** Starts a bash script and goes on; a later {@link Await} takes its output. */
    record Background(String job, String script) implements Action {}

    /**
     * Waits for the end of a job; its output is this step's.
     *
     * @param stillRunning whether it is a failure when the job has ended before
     */
    record Await(String job, boolean stillRunning) implements Action {}

    /**
     * Sends load from this process; the output is the JSON report.
     *
     * @param connections 0 for no limit
     */
    record Load(String url, String rate, String duration, int connections) implements Action {}
  }
}
