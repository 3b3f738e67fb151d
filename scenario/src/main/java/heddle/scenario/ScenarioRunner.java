package heddle.scenario;

import heddle.load.Attack;
import heddle.load.Durations;
import heddle.load.LoadGenerator;
import heddle.load.Rate;
import heddle.load.ReportBuilder;
import heddle.load.Target;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/**
 * Runs scenarios, step after step. A step that fails does not end the run: the table shows what
 * else holds.
 */
public final class ScenarioRunner {
  private static final Duration BETWEEN = Duration.ofMillis(500);
  private static final Duration SHORT = Duration.ofSeconds(30);
  private static final int LONGEST = 300;

  /** Waits; {@link Thread#sleep(Duration)} outside tests. */
  public interface Pause {
    void of(Duration time) throws InterruptedException;
  }

  /** Follows a run. */
  public interface Listener {
    void started(Step step);

    void finished(Outcome.Row row);
  }

  private final Shell shell;
  private final Checker checker;
  private final Clock clock;
  private final LongSupplier ticker;
  private final Pause pause;
  private final Listener listener;

  /**
   * @param ticker nanoseconds, e.g. {@code System::nanoTime}
   */
  public ScenarioRunner(
      Shell shell, Clock clock, LongSupplier ticker, Pause pause, Listener listener) {
    this.shell = shell;
    this.checker = new Checker(shell);
    this.clock = clock;
    this.ticker = ticker;
    this.pause = pause;
    this.listener = listener;
  }

  /**
   * @param environment of the commands, over the scenario's variables: PATH, KUBECONFIG…
   */
  public Outcome run(Scenario scenario, Map<String, String> environment)
      throws IOException, InterruptedException {
    var variables = new LinkedHashMap<>(scenario.variables());
    variables.putAll(environment);
    var jobs = new HashMap<String, Shell.Running>();
    var rows = new ArrayList<Outcome.Row>();
    long start = ticker.getAsLong();
    try {
      for (Step step : scenario.steps()) {
        if (applies(step, variables)) {
          listener.started(step);
          var row = run(step, variables, jobs);
          rows.add(row);
          listener.finished(row);
        }
      }
    } finally {
      jobs.values().forEach(Shell.Running::close);
    }
    boolean ok = rows.stream().allMatch(Outcome.Row::ok);
    return new Outcome(scenario.name(), ok, rows, since(start));
  }

  private boolean applies(Step step, Map<String, String> variables)
      throws IOException, InterruptedException {
    return step.when().isEmpty()
        || shell.start(step.when().get(), variables, "").await(SHORT).exit() == 0;
  }

  private Outcome.Row run(Step step, Map<String, String> variables, Map<String, Shell.Running> jobs)
      throws IOException, InterruptedException {
    long start = ticker.getAsLong();
    while (true) {
      Output output = act(step, variables, jobs);
      variables.putAll(output.environment());
      Optional<String> problem = problem(step, output, variables);
      boolean again =
          problem.isPresent()
              && step.within().isPresent()
              && since(start).compareTo(step.within().get()) < 0;
      if (!again) {
        String observed = problem.isPresent() ? problem.get() : observed(step, output, variables);
        return new Outcome.Row(
            step.name(),
            expected(step, variables),
            line(observed),
            problem.isEmpty(),
            since(start));
      }
      pause.of(BETWEEN);
    }
  }

  private Output act(Step step, Map<String, String> variables, Map<String, Shell.Running> jobs)
      throws IOException, InterruptedException {
    return switch (step.action()) {
      case Step.Action.Run(var script) -> shell.start(script, variables, "").await(step.timeout());
      case Step.Action.Background(var job, var script) -> {
        jobs.put(job, shell.start(script, variables, ""));
        yield new Output(0, "started", "", Map.of());
      }
      case Step.Action.Await(var job, var stillRunning) -> await(step, jobs, job, stillRunning);
      case Step.Action.Load load -> load(load, variables);
    };
  }

  private static Output await(
      Step step, Map<String, Shell.Running> jobs, String job, boolean stillRunning)
      throws IOException, InterruptedException {
    var running = jobs.remove(job);
    if (running == null) {
      return new Output(1, "", "no background job " + job, Map.of());
    }
    if (stillRunning && running.ended()) {
      running.await(step.timeout());
      return new Output(1, "", job + " ended before this step", Map.of());
    }
    var output = running.await(step.timeout());
    // A job's variables are its own, as in a terminal.
    return new Output(output.exit(), output.stdout(), output.stderr(), Map.of());
  }

  private Output load(Step.Action.Load load, Map<String, String> variables)
      throws InterruptedException {
    try (var generator = new LoadGenerator(clock, ticker)) {
      var builder = new ReportBuilder();
      var attack =
          Attack.of(
                  Target.get(Checker.fill(load.url(), variables)),
                  Rate.parse(Checker.fill(load.rate(), variables)),
                  Durations.parse(Checker.fill(load.duration(), variables)))
              .withConnections(load.connections());
      generator.run(attack, builder::add);
      return new Output(0, builder.build().json(), "", Map.of());
    } catch (IOException | IllegalArgumentException e) {
      return new Output(1, "", String.valueOf(e.getMessage()), Map.of());
    }
  }

  private Optional<String> problem(Step step, Output output, Map<String, String> variables)
      throws IOException, InterruptedException {
    for (Expectation expectation : step.expectations()) {
      var problem = checker.problem(expectation, output, variables);
      if (problem.isPresent()) {
        return problem;
      }
    }
    return Optional.empty();
  }

  private String observed(Step step, Output output, Map<String, String> variables)
      throws IOException, InterruptedException {
    if (step.observe().isPresent()) {
      var shown = shell.start(step.observe().get(), variables, output.stdout()).await(SHORT);
      return shown.stdout();
    }
    String last = output.lastLine();
    return last.isEmpty() ? "exit " + output.exit() : last;
  }

  private static String expected(Step step, Map<String, String> variables) {
    if (!step.expected().isEmpty()) {
      return line(Checker.fill(step.expected(), variables));
    }
    var words =
        step.expectations().stream()
            .filter(one -> step.expectations().size() == 1 || !one.equals(new Expectation.Exit(0)))
            .map(Expectation::words)
            .collect(Collectors.joining(", "));
    return line(Checker.fill(words, variables));
  }

  private static String line(String text) {
    String line = text.strip().replaceAll("\\s*\\R\\s*", " | ");
    return line.length() <= LONGEST ? line : line.substring(0, LONGEST - 1) + "…";
  }

  private Duration since(long start) {
    return Duration.ofNanos(ticker.getAsLong() - start);
  }
}
