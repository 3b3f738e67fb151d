package heddle.scenario;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Bash in a folder, without anybody's start-up files. Variables that a script sets are exported and
 * told when it ends, so that {@code NAME=$(command)} works from step to step as in a terminal.
 */
public final class BashShell implements Shell {
  private static final String STATE = "HEDDLE_STATE";
  private static final String SCRIPT = "HEDDLE_SCRIPT";
  private static final Set<String> OWN = Set.of(STATE, SCRIPT, "_", "SHLVL", "PWD", "OLDPWD");
  private static final String FRAME =
      "set -a; set -o pipefail; trap 'code=$?; env -0 >\"$"
          + STATE
          + "\"; exit $code' EXIT; source \"$"
          + SCRIPT
          + "\"";

  private final Path folder;
  private final Path scratch;

  /**
   * @param folder working directory of every command
   * @param scratch a directory of the runner's own, for output
   */
  public BashShell(Path folder, Path scratch) {
    this.folder = folder;
    this.scratch = scratch;
  }

  @Override
  public Running start(String script, Map<String, String> environment, String input)
      throws IOException {
    Path files = Files.createTempDirectory(scratch, "step");
    Path scriptFile = Files.writeString(files.resolve("script"), script + "\n");
    Path inputFile = Files.writeString(files.resolve("stdin"), input);
    var builder =
        new ProcessBuilder("bash", "--noprofile", "--norc", "-c", FRAME)
            .directory(folder.toFile())
            .redirectInput(inputFile.toFile())
            .redirectOutput(files.resolve("stdout").toFile())
            .redirectError(files.resolve("stderr").toFile());
    builder.environment().clear();
    builder.environment().putAll(environment);
    builder.environment().put(STATE, files.resolve("state").toString());
    builder.environment().put(SCRIPT, scriptFile.toString());
    return new Bash(builder.start(), files);
  }

  private record Bash(Process process, Path files) implements Running {
    @Override
    public boolean ended() {
      return !process.isAlive();
    }

    @Override
    public Output await(Duration timeout) throws IOException, InterruptedException {
      boolean inTime;
      try {
        inTime = process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS);
      } finally {
        close();
      }
      int exit = process.waitFor();
      return new Output(
          inTime ? exit : Output.TIMED_OUT, read("stdout"), read("stderr"), environment());
    }

    @Override
    public void close() {
      List<ProcessHandle> children = process.descendants().toList();
      process.destroyForcibly();
      children.forEach(ProcessHandle::destroyForcibly);
    }

    private Map<String, String> environment() throws IOException {
      var variables = new LinkedHashMap<String, String>();
      for (String line : read("state").split("\0")) {
        int equals = line.indexOf('=');
        if (equals > 0 && !OWN.contains(line.substring(0, equals))) {
          variables.put(line.substring(0, equals), line.substring(equals + 1));
        }
      }
      return variables;
    }

    private String read(String name) throws IOException {
      Path file = files.resolve(name);
      return Files.exists(file) ? new String(Files.readAllBytes(file), StandardCharsets.UTF_8) : "";
    }
  }
}
