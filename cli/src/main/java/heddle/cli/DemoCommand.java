package heddle.cli;

import heddle.cli.home.ClusterHome;
import heddle.cli.wiring.Installation;
import heddle.cli.wiring.RunningCluster;
import heddle.cli.wiring.Wiring;
import heddle.scenario.BashShell;
import heddle.scenario.Outcome;
import heddle.scenario.OutcomeTable;
import heddle.scenario.Scenario;
import heddle.scenario.ScenarioReader;
import heddle.scenario.ScenarioRunner;
import heddle.scenario.Step;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "demo",
    mixinStandardHelpOptions = true,
    description = "Lists the walkthroughs, or runs one end to end in a fresh cluster.")
final class DemoCommand implements Callable<Integer> {

  private enum Format {
    table,
    json
  }

  @Parameters(arity = "0..1", paramLabel = "NAME", description = "The walkthrough to run.")
  private @Nullable String name;

  @Option(
      names = "-o",
      defaultValue = "table",
      description = "table or json (default: ${DEFAULT-VALUE}).")
  private Format format = Format.table;

  @Option(
      names = "--set",
      paramLabel = "NAME=VALUE",
      description = "Another value for one of the walkthrough's variables.")
  private Map<String, String> variables = Map.of();

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    Path examples = Installation.root().resolve("examples");
    if (name == null) {
      list(examples);
      return ExitCode.DONE;
    }
    Path file = examples.resolve(name).resolve("scenario.yaml");
    if (!Files.isRegularFile(file)) {
      throw CommandFailure.usage("no walkthrough '" + name + "'; list them with: heddle demo");
    }
    Outcome outcome = run(ScenarioReader.read(file));
    return outcome.ok() ? ExitCode.DONE : ExitCode.NO;
  }

  private void list(Path examples) throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    try (Stream<Path> folders = Files.list(examples)) {
      folders
          .filter(folder -> Files.isRegularFile(folder.resolve("scenario.yaml")))
          .sorted()
          .forEach(folder -> out.println(folder.getFileName()));
    }
  }

  private Outcome run(Scenario scenario) throws IOException, InterruptedException {
    ClusterHome home = ClusterHome.named("demo-" + name);
    home.create();
    ClusterHome.Lock lock =
        home.lock()
            .orElseThrow(() -> CommandFailure.usage("demo '" + name + "' is running already"));
    try (lock;
        RunningCluster running = Wiring.start(home, null)) {
      Map<String, String> environment = new LinkedHashMap<>(System.getenv());
      environment.put("KUBECONFIG", home.kubeconfig().toString());
      environment.putAll(variables);
      return play(scenario, environment, home.directory().resolve("scratch"));
    } finally {
      home.purge();
    }
  }

  private Outcome play(Scenario scenario, Map<String, String> environment, Path scratch)
      throws IOException, InterruptedException {
    Files.createDirectories(scratch);
    if (format == Format.json) {
      Outcome outcome = runner(scenario, scratch, new Silent()).run(scenario, environment);
      System.out.println(outcome.json());
      return outcome;
    }
    boolean terminal = System.console() != null && System.console().isTerminal();
    try (OutcomeTable table = new OutcomeTable(System.out, terminal)) {
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
