package heddle.bench.origin;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** An nginx configuration that touches nothing outside one directory. */
public final class NginxFile {
  private NginxFile() {}

  /**
   * Writes one for a single process in the foreground.
   *
   * @param http the rest, from {@code events} to the last line inside of {@code http}, which is
   *     left open
   */
  public static Path write(Path directory, String name, String http) throws IOException {
    Path config = directory.resolve(name + ".conf");
    var text = new StringBuilder();
    text.append("daemon off; master_process off; worker_processes 1; error_log stderr;\n");
    text.append("pid ").append(directory.resolve(name + ".pid")).append(";\n");
    text.append(http);
    for (String module : new String[] {"client_body", "proxy", "fastcgi", "uwsgi", "scgi"}) {
      text.append(module).append("_temp_path ").append(directory).append(";\n");
    }
    return Files.writeString(config, text.append("}\n"));
  }
}
