package heddle.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import heddle.cli.home.ClusterHome;
import heddle.cli.wiring.CrashCleanup;
import heddle.cli.wiring.Installation;
import heddle.cli.wiring.RunningCluster;
import heddle.cli.wiring.Wiring;
import heddle.control.inject.DataPlane;
import heddle.manifest.ManifestException;
import heddle.scenario.BashShell;
import heddle.scenario.Outcome;
import heddle.scenario.OutcomeTable;
import heddle.scenario.Scenario;
import heddle.scenario.ScenarioException;
import heddle.scenario.ScenarioReader;
import heddle.scenario.ScenarioRunner;
import heddle.scenario.Step;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "demo",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = "Lists the walkthroughs, or runs one end to end in a fresh cluster.",
    footer = {
      "",
      "The commands are the walkthrough's own, run with the real kubectl and curl. "
          + "The exit code is 0 only if every step shows what is expected. The cluster "
          + "goes away with the demo."
    })
final class DemoCommand implements Callable<Integer> {

  private enum Format {
    table,
    json
  }

  @Parameters(arity = "0..1", paramLabel = "NAME", description = "The walkthrough to run.")
  private @Nullable String name;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      defaultValue = "table",
      description = "table or json (default: ${DEFAULT-VALUE}).")
  private Format format = Format.table;

  @Option(
      names = "--set",
      paramLabel = "NAME=VALUE",
      description = "Another value for one of the walkthrough's variables.")
  private Map<String, String> variables = Map.of();

  @Mixin private DataPlaneOption dataPlane = new DataPlaneOption();

  @Spec private CommandSpec spec;

  /** Held, because a level that was set on a logger nobody holds is forgotten. */
  private final Logger logger = Logger.getLogger("heddle");

  @Override
  public Integer call() throws Exception {
    Map<String, Scenario> scenarios = scenarios();
    if (name == null) {
      list(scenarios);
      return ExitCode.DONE;
    }
    Scenario scenario = scenarios.get(name);
    if (scenario == null) {
      throw CommandFailure.usage(
          "no walkthrough '" + name + "' (expected: one of " + scenarios.keySet() + ")");
    }
    for (String variable : variables.keySet()) {
      if (!scenario.variables().containsKey(variable)) {
        throw CommandFailure.usage(
            "--set: no variable '%s' in %s (expected: one of %s)"
                .formatted(variable, name, scenario.variables().keySet()));
      }
    }
    Tools.need("demo '" + name + "'", Tools.OF_PODS, scenario.needs());
    DataPlane asked = dataPlane.asked();
    if (asked != null) {
      DataPlaneOption.check(asked);
    }
    return run(scenario).ok() ? ExitCode.DONE : ExitCode.NO;
  }

  /** By the names of their folders, sorted. */
  private static Map<String, Scenario> scenarios() throws IOException {
    Path examples = Installation.root().resolve("examples");
    List<Path> folders = new ArrayList<>();
    try (Stream<Path> entries = Files.list(examples)) {
      entries
          .filter(folder -> Files.isRegularFile(folder.resolve("scenario.yaml")))
          .sorted()
          .forEach(folders::add);
    }
    Map<String, Scenario> scenarios = new LinkedHashMap<>();
    for (Path folder : folders) {
      try {
        scenarios.put(
            folder.getFileName().toString(), ScenarioReader.read(folder.resolve("scenario.yaml")));
      } catch (ScenarioException | ManifestException e) {
        throw CommandFailure.usage(String.valueOf(e.getMessage()));
      }
    }
    return scenarios;
  }

  private void list(Map<String, Scenario> scenarios) {
    PrintWriter out = spec.commandLine().getOut();
    if (format == Format.json) {
      ObjectNode root = new ObjectMapper().createObjectNode();
      var demos = root.putArray("demos");
      scenarios.forEach(
          (key, scenario) ->
              demos.addObject().put("name", key).put("description", scenario.description()));
      out.println(root.toPrettyString());
    } else {
      scenarios.forEach((key, scenario) -> out.printf("%-20s %s%n", key, scenario.description()));
    }
    out.flush();
  }

  private Outcome run(Scenario scenario) throws IOException, InterruptedException {
    logger.setLevel(Level.WARNING); // a demo's output is its table
    ClusterHome home = ClusterHome.named("demo-" + name);
    home.create();
    ClusterHome.Lock lock =
        home.lock()
            .orElseThrow(() -> CommandFailure.usage("demo '" + name + "' is running already"));
    try (lock;
        Interrupt interrupt = Interrupt.asks(Thread.currentThread()::interrupt)) {
      // A demo that was killed left something.
      CrashCleanup.of(home).run();
      home.clear();
      try (RunningCluster running =
          Wiring.start(home, null, dataPlane.asked(), spec.commandLine().getErr()::println)) {
        return play(scenario, environment(home), home.directory().resolve("scratch"));
      } finally {
        home.purge();
      }
    }
  }

  private Map<String, String> environment(ClusterHome home) {
    Map<String, String> environment = new LinkedHashMap<>(System.getenv());
    environment.put("KUBECONFIG", home.kubeconfig().toString());
    environment.putAll(variables);
    return environment;
  }

  private Outcome play(Scenario scenario, Map<String, String> environment, Path scratch)
      throws IOException, InterruptedException {
    Files.createDirectories(scratch);
    if (format == Format.json) {
      Outcome outcome = runner(scenario, scratch, new Silent()).run(scenario, environment);
      System.out.println(outcome.json());
      return outcome;
    }
    try (OutcomeTable table = new OutcomeTable(System.out, Terminal.colours())) {
      Outcome outcome = runner(scenario, scratch, table).run(scenario, environment);
      table.summary(outcome);
      return outcome;
    }
  }

  private static ScenarioRunner runner(
      Scenario scenario, Path scratch, ScenarioRunner.Listener listener) {
    return new ScenarioRunner(
        new BashShell(scenario.folder(), scratch),
        Clock.systemUTC(),
        System::nanoTime,
        Thread::sleep,
        listener);
  }

  /** For programs, which read the result and nothing else. */
  private static final class Silent implements ScenarioRunner.Listener {
    @Override
    public void started(Step step) {
      // The result has it.
    }

    @Override
    public void finished(Outcome.Row row) {
      // The result has it.
    }
  }
}
