package heddle.cli;

import static heddle.cli.Program.heddle;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** What scripts rely on: 0 done, 1 no, 2 bad usage, 3 something lacks, 70 a bug. */
class ExitCodeTest {

  private static final Pattern REPORT = Pattern.compile("The report: (\\S+)");

  @ParameterizedTest
  @ValueSource(strings = {"--help", "--version", "completion", "demo", "lint --help"})
  void doneIsZero(String arguments) {
    assertThat(heddle(arguments.split(" ")).exitCode()).isEqualTo(ExitCode.DONE).isZero();
  }

  @Test
  void noIsOne() throws IOException {
    Path file = Files.createTempFile("heddle", ".yaml");
    try {
      Files.writeString(file, BadManifests.MISSPELT);

      assertThat(heddle("lint", "-f", file.toString()).exitCode())
          .isEqualTo(ExitCode.NO)
          .isEqualTo(1);
    } finally {
      Files.delete(file);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "weave",
        "lint",
        "lint -f none.yaml",
        "lint -f . -o xml",
        "demo ../..",
        "demo none",
        "demo retry --set NONE=1",
        "up --timeout soon",
        "up --images none.yaml",
        "up --data-dir /dev/null/x",
        "kubectl --name never-started get pods",
        "xds",
        "status --name never-started",
        "xds get --name never-started",
        "down --name UPPER",
      })
  void badUsageIsTwoAndSaysWhatIsExpected(String arguments) {
    Program.Outcome outcome = arguments.isEmpty() ? heddle() : heddle(arguments.split(" "));

    assertThat(outcome.exitCode()).isEqualTo(ExitCode.USAGE).isEqualTo(2);
    assertThat(outcome.err()).isNotBlank();
    assertThat(outcome.out()).isEmpty();
  }

  @Test
  void whatTheMachineLacksIsThreeAndComesWithTheCommandThatInstallsIt() {
    Program.Outcome outcome = Program.run(with(new Needy()), "test");

    assertThat(outcome.exitCode()).isEqualTo(ExitCode.ENVIRONMENT).isEqualTo(3);
    assertThat(outcome.err())
        .isEqualTo(
            "this needs no-such-tool, which this machine lacks;"
                + " install: apt-get install -y no-such-tool\n");
  }

  @Test
  void aBugIsSeventyAndLeavesAReport() throws IOException {
    assertReported(
        Program.run(with(new Broken(new IllegalStateException("a loose thread"))), "test"));
  }

  @Test
  void anErrorOfTheMachineBelowIsABugToo() throws IOException {
    assertReported(Program.run(with(new Broken(new StackOverflowError("a loose thread"))), "test"));
  }

  private static void assertReported(Program.Outcome outcome) throws IOException {
    assertThat(outcome.exitCode()).isEqualTo(ExitCode.BUG).isEqualTo(70);
    Matcher report = REPORT.matcher(outcome.err());
    assertThat(report.find()).as(outcome.err()).isTrue();
    Path file = Path.of(report.group(1));
    try {
      assertThat(Files.readString(file))
          .contains("heddle 0.1.0", "a loose thread", "at heddle.cli.ExitCodeTest");
    } finally {
      Files.delete(file);
    }
  }

  private static CommandLine with(Object command) {
    return Heddle.commandLine().addSubcommand("test", command);
  }

  @Command
  private record Needy() implements Callable<Integer> {
    @Override
    public Integer call() {
      Tools.need("this", List.of("no-such-tool"));
      return 0;
    }
  }

  @Command
  private record Broken(Throwable problem) implements Callable<Integer> {
    @Override
    public Integer call() throws Exception {
      if (problem instanceof Error error) {
        throw error;
      }
      throw (Exception) problem;
    }
  }
}
