package heddle.cli;

import static heddle.cli.Program.heddle;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a stranger reads first. */
class HelpTest {

  static List<String> verbs() {
    return List.copyOf(Heddle.commandLine().getSubcommands().keySet());
  }

  @Test
  void theProgramNamesItsVerbsAndItsExitCodes() {
    Program.Outcome help = heddle("--help");

    assertThat(help.out()).contains(verbs()).contains("Exit codes: 0 done", "heddle demo");
    assertThat(help.out().lines()).allMatch(line -> line.length() <= 80);
  }

  @ParameterizedTest
  @MethodSource("verbs")
  void everyVerbSaysWhatItDoesAndFitsATerminal(String verb) {
    Program.Outcome help = heddle(verb, "--help");

    assertThat(help.exitCode()).isZero();
    assertThat(help.out()).startsWith("Usage: heddle " + verb).containsPattern("\n[A-Z][^\n]+[.)]");
    assertThat(help.out().lines()).allMatch(line -> line.length() <= 80);
    assertThat(help.out()).as("an option without a name for its value").doesNotContain("=<");
  }

  @Test
  void everyVerbKnowsTheVersion() {
    assertThat(heddle("lint", "--version").out()).isEqualTo("heddle 0.1.0\n");
  }

  @Test
  void aMisspeltVerbIsAnsweredWithTheOnesThatWereMeant() {
    assertThat(heddle("lnt").err()).contains("lnt").contains("lint");
  }
}
