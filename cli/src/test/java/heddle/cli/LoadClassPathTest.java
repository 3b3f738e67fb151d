package heddle.cli;

import static org.assertj.core.api.Assertions.assertThat;

import heddle.load.LoadClassPath;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** On the class path of the whole program, of which the load generator gets its part. */
class LoadClassPathTest {

  @Test
  void showsOfTheClassPathWhatTheLoadGeneratorNeedsAndNothingElse() throws Exception {
    List<Path> shown = LoadClassPath.entries();
    assertThat(shown)
        .doesNotHaveDuplicates()
        .noneMatch(entry -> entry.toString().contains("grpc"))
        .noneMatch(entry -> entry.toString().contains("netty-codec-dns"));

    String path =
        shown.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator));
    Process vegeta =
        new ProcessBuilder(
                ProcessHandle.current().info().command().orElse("java"),
                "-cp",
                path,
                "heddle.load.vegeta.Vegeta",
                "attack",
                "-duration=1s",
                "-rate=1",
                "-output=/dev/null")
            .redirectErrorStream(true)
            .start();
    try (var targets = vegeta.outputWriter()) {
      targets.write("GET http://127.0.0.1:1/\n");
    }
    String said = new String(vegeta.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(vegeta.waitFor()).as(said).isZero();
    assertThat(said).doesNotContain("NoClassDefFoundError", "UnsatisfiedLinkError");
  }
}
