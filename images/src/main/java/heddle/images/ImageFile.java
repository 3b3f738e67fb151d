package heddle.images;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * The user's own images: a YAML or JSON file from image to command.
 *
 * <pre>{@code
 * images:
 *   example/api:1.2: [python3, -m, http.server, "8080"]   # just the command
 *   example/worker:                                      # no tag: any tag
 *     command: [/opt/worker/run]
 *     args: [--verbose]
 *     env: {MODE: local}
 *     workingDirectory: /opt/worker
 *     user: 1000
 *     hostPaths: [/opt/worker]
 *     tools: [python3]
 * }</pre>
 *
 * The command runs on the host's files that {@code hostPaths} names and the programs that {@code
 * tools} names, beside the usual small ones; a bare first word of the command is a tool itself, an
 * absolute one a host path.
 */
public final class ImageFile {
  /** Knows no image. */
  public static final ImageFile EMPTY = new ImageFile("", Map.of());

  private static final int MAX_SIZE = 1 << 20;
  private static final Set<String> FIELDS =
      Set.of("command", "args", "env", "workingDirectory", "user", "hostPaths", "tools");

  private final String name;
  private final Map<String, Fields> images;

  private ImageFile(String name, Map<String, Fields> images) {
    this.name = name;
    this.images = images;
  }

  /**
   * @throws IllegalArgumentException when the file says something that is not understood; the
   *     message names the file and the field
   */
  public static ImageFile read(Path file) throws IOException {
    if (Files.size(file) > MAX_SIZE) {
      throw new IllegalArgumentException(file + " is larger than " + MAX_SIZE + " bytes");
    }
    return parse(file.toString(), Files.readString(file));
  }

  static ImageFile parse(String name, String text) {
    Object root;
    try {
      root = new Load(LoadSettings.builder().setLabel(name).build()).loadFromString(text);
    } catch (YamlEngineException e) {
      throw new IllegalArgumentException(name + " is neither YAML nor JSON: " + e.getMessage(), e);
    }
    var top = new Fields(name, root).onlyWith(Set.of("images"));
    var images = new LinkedHashMap<String, Fields>();
    top.child("images")
        .forEach(
            (image, value) -> {
              var entry = value.isList() ? value.under("command") : value.onlyWith(FIELDS);
              if (entry.strings("command").isEmpty()) {
                throw entry.problem("no command (expected: command: [PROGRAM, ARGUMENT…])");
              }
              program("", name, entry);
              images.put(image, entry);
            });
    return new ImageFile(name, images);
  }

  /** An entry with the tag wins over one without. */
  Optional<Image.Program> find(String text, Reference reference) {
    Optional<Image.Program> any = Optional.empty();
    for (var entry : images.entrySet()) {
      var key = Reference.parse(entry.getKey());
      boolean exact =
          entry.getKey().equals(text)
              || (key.tag() != null && key.tagged().equals(reference.tagged()));
      if (exact) {
        return Optional.of(program(text, name, entry.getValue()));
      }
      if (key.tag() == null
          && key.digest() == null
          && key.repository().equals(reference.repository())) {
        any = Optional.of(program(text, name, entry.getValue()));
      }
    }
    return any;
  }

  private static Image.Program program(String reference, String file, Fields entry) {
    var command = entry.strings("command");
    var tools = Tools.and(Tools.CURL, entry.strings("tools").toArray(String[]::new));
    var paths = new ArrayList<Path>();
    entry.strings("hostPaths").forEach(path -> paths.add(absolute(entry, path)));
    String first = command.getFirst();
    if (first.startsWith("/")) {
      paths.add(Path.of(first));
    } else {
      tools.add(first);
    }
    return new Image.Program(
        reference,
        "from " + file,
        command,
        entry.strings("args"),
        entry.stringMap("env"),
        entry.string("workingDirectory").orElse("/"),
        entry.number("user").orElse(0),
        List.copyOf(paths),
        tools,
        Map.of());
  }

  private static Path absolute(Fields entry, String path) {
    if (!path.startsWith("/")) {
      throw entry.problem("hostPaths: " + path + " (expected: an absolute path)");
    }
    return Path.of(path);
  }
}
