package heddle.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScenarioRunnerTest {
  @TempDir Path folder;
  private Path bin;
  private final List<String> followed = new ArrayList<>();

  @BeforeEach
  void fakeCommand() throws Exception {
    bin = Files.createDirectory(folder.resolve("bin"));
    command("kubectl", "echo \"kubectl $*\" >> calls; echo created");
  }

  @Test
  void runsCommandsInTheFolderAndKeepsTheirVariables() throws Exception {
    var outcome =
        run(
            """
            name: x
            variables: {NS: demo}
            steps:
              - {step: apply, apply: manifest.yaml, expect: {is: created}}
              - {step: set, run: 'GW=$(echo "host-$NS"); echo $GW'}
              - {step: use, run: 'echo "at $GW"', expect: {is: 'at ${GW}', contains: host-demo}}
            """);

    assertThat(outcome.ok()).isTrue();
    assertThat(folder.resolve("calls")).hasContent("kubectl apply -f manifest.yaml");
    assertThat(outcome.steps())
        .extracting(Outcome.Row::observed)
        .containsExactly("created", "host-demo", "at host-demo");
    assertThat(followed).containsExactly("apply", "apply ok", "set", "set ok", "use", "use ok");
  }

  @Test
  void saysWhatWasExpectedAndObservedWhenAStepFailsAndGoesOn() throws Exception {
    var outcome =
        run(
            """
            name: x
            steps:
              - {step: a, run: echo 4, expect: {is: 5}}
              - {step: b, run: 'echo no such thing >&2; exit 3'}
              - {step: c, run: 'printf "x\\nx\\n"', expect: {count: {'^x$': 2}}}
              - {step: d, run: "echo '[1]'", expect: {jq: length == 2}}
              - {step: e, run: echo abc, expect: {lacks: b}}
            """);

    assertThat(outcome.ok()).isFalse();
    assertThat(outcome.steps())
        .extracting(Outcome.Row::ok)
        .containsExactly(false, false, true, false, false);
    assertThat(outcome.steps())
        .extracting(Outcome.Row::expected)
        .containsExactly("5", "exit 0", "2 × /^x$/", "length == 2", "no b");
    assertThat(outcome.steps())
        .extracting(Outcome.Row::observed)
        .containsExactly(
            "got: 4", "exit 3: no such thing", "x", "not length == 2: [1]", "\"b\" in: abc");
  }

  @Test
  void repeatsUntilItHolds() throws Exception {
    var outcome =
        run(
            """
            name: x
            steps:
              - {step: a, run: 'echo . >> tries; wc -l < tries', within: 60s, expect: {is: 3}}
            """);

    assertThat(outcome.ok()).isTrue();
  }

  @Test
  void awaitsWhatItStarted() throws Exception {
    var outcome =
        run(
            """
            name: x
            steps:
              - {step: start, background: job, run: 'until [ -e go ]; do :; done; echo done'}
              - {step: go, run: touch go}
              - {step: await, await: job, expect: {is: done}}
              - {step: again, await: job}
            """);

    assertThat(outcome.steps())
        .extracting(Outcome.Row::ok)
        .containsExactly(true, true, true, false);
    assertThat(outcome.steps().getLast().observed()).isEqualTo("exit 1: no background job job");
  }

  @Test
  void endsWhatTakesTooLong() throws Exception {
    var outcome = run("{name: x, steps: [{step: a, run: 'while :; do :; done', timeout: 100ms}]}");

    assertThat(outcome.steps().getFirst().observed()).isEqualTo("took too long");
  }

  @Test
  void failsWhenAJobEndedBeforeItShould() throws Exception {
    var ended = new Output(0, "hi", "", Map.of());
    Shell shell =
        (script, environment, input) ->
            new Shell.Running() {
              @Override
              public boolean ended() {
                return true;
              }

              @Override
              public Output await(Duration timeout) {
                return ended;
              }

              @Override
              public void close() {}
            };
    var steps = "[{step: a, background: job, run: x}, {step: b, await: job, running: true}]";
    var outcome = runner(shell).run(read("{name: x, steps: " + steps + "}"), Map.of());

    assertThat(outcome.steps().getLast().observed())
        .isEqualTo("exit 1: job ended before this step");
  }

  @Test
  void leavesAStepOutUnlessItsConditionHolds() throws Exception {
    var outcome =
        run(
            """
            name: x
            variables: {HEAVY: 60}
            steps:
              - {step: never, when: '[ $HEAVY != 60 ]', run: exit 1}
              - {step: always, when: '[ $HEAVY = 60 ]', run: echo, observe: echo seen}
            """);

    assertThat(outcome.steps()).extracting(Outcome.Row::observed).containsExactly("seen");
  }

  @Test
  void writesTheContractsJson() throws Exception {
    var outcome = run("{name: x, steps: [{step: a, run: echo hi, expected: hello}]}");

    assertThat(outcome.json())
        .matches(
            "\\{\"name\":\"x\",\"ok\":true,\"steps\":\\[\\{\"step\":\"a\",\"expected\":\"hello\","
                + "\"observed\":\"hi\",\"ok\":true}],\"seconds\":[0-9.]+}");
  }

  @Test
  void printsATable() throws Exception {
    var bytes = new ByteArrayOutputStream();
    try (var table =
        new OutcomeTable(new PrintStream(bytes, true, StandardCharsets.UTF_8), false)) {
      var row = new Outcome.Row("a step", "x ".repeat(30), "y", false, Duration.ZERO);
      table.finished(row);
      table.summary(new Outcome("n", false, List.of(row), Duration.ofMillis(1500)));
    }

    assertThat(bytes.toString(StandardCharsets.UTF_8))
        .contains("STEP", "EXPECTED", "OBSERVED", "FAILED", "n: 0 of 1 steps ok in 1.5 s")
        .doesNotContain("\u001b");
  }

  @ParameterizedTest
  @ValueSource(strings = {"outlier-detection", "retry"})
  void readsTheExamples(String example) throws Exception {
    var scenario = ScenarioReader.read(Path.of("../examples", example, "scenario.yaml"));

    assertThat(scenario.name()).isEqualTo(example);
    assertThat(scenario.steps()).hasSizeGreaterThan(15);
  }

  @Test
  void namesThePlaceOfWhatItDoesNotKnow() {
    assertThatThrownBy(() -> read("name: x\nsteps:\n  - step: a\n    rum: b\n"))
        .hasMessageStartingWith("s.yaml:4:5: unknown field rum (expected: one of [apply, ");
    assertThatThrownBy(() -> read("name: x\nsteps:\n  - step: a\n"))
        .hasMessageContaining("does [] (expected: one of [apply, await, load, run])");
  }

  private Scenario read(String text) {
    return ScenarioReader.parse("s.yaml", text, folder);
  }

  private Outcome run(String text) throws Exception {
    var scratch = Files.createDirectories(folder.resolve("scratch"));
    return runner(new BashShell(folder, scratch))
        .run(read(text), Map.of("PATH", bin + ":" + System.getenv("PATH")));
  }

  private ScenarioRunner runner(Shell shell) {
    return new ScenarioRunner(
        shell,
        Clock.systemUTC(),
        System::nanoTime,
        time -> {},
        new ScenarioRunner.Listener() {
          @Override
          public void started(Step step) {
            followed.add(step.name());
          }

          @Override
          public void finished(Outcome.Row row) {
            followed.add(row.step() + (row.ok() ? " ok" : " failed"));
          }
        });
  }

  private void command(String name, String script) throws Exception {
    var file = Files.writeString(bin.resolve(name), "#!/bin/sh\n" + script + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }
}
