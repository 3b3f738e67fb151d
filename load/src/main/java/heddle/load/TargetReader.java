package heddle.load;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Reads targets in vegeta's {@code http} format: a line {@code METHOD URL}, then header lines, then
 * {@code @FILE} for a body; {@code #} begins a comment.
 */
public final class TargetReader {
  private static final Pattern FIRST = Pattern.compile("([A-Z]+)\\s+(\\S+)");
  private static final Pattern HEADER = Pattern.compile("([!#$%&'*+.^_`|~0-9A-Za-z-]+):\\s*(.*)");

  private final List<Target.Header> common;
  private final byte[] body;
  private final List<Target> targets = new ArrayList<>();

  /**
   * @param common headers of every target
   * @param body of targets that name none
   */
  public TargetReader(List<Target.Header> common, byte[] body) {
    this.common = List.copyOf(common);
    this.body = body;
  }

  /**
   * @throws IllegalArgumentException when a line is none of the format's, or there is no target
   * @throws IOException when a body's file cannot be read
   */
  public List<Target> read(String text) throws IOException {
    int number = 0;
    for (String line : text.split("\n", -1)) {
      number++;
      String content = line.strip();
      if (!content.isEmpty() && !content.startsWith("#")) {
        add(content, number);
      }
    }
    if (targets.isEmpty()) {
      throw new IllegalArgumentException("no targets (expected: a line like GET http://HOST/PATH)");
    }
    return List.copyOf(targets);
  }

  /** Reads one {@code Name: value}. */
  public static Target.Header header(String line) {
    var header = HEADER.matcher(line.strip());
    if (!header.matches()) {
      throw new IllegalArgumentException("header: " + line + " (expected: Name: value)");
    }
    return new Target.Header(header.group(1), header.group(2));
  }

  private void add(String line, int number) throws IOException {
    var first = FIRST.matcher(line);
    try {
      if (first.matches()) {
        targets.add(new Target(first.group(1), URI.create(first.group(2)), common, body));
      } else if (targets.isEmpty()) {
        throw new IllegalArgumentException(line + " (expected: METHOD URL)");
      } else {
        complete(targets.removeLast(), line);
      }
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("targets:" + number + ": " + e.getMessage(), e);
    }
  }

  private void complete(Target target, String line) throws IOException {
    if (line.startsWith("@")) {
      byte[] content = Files.readAllBytes(Path.of(line.substring(1)));
      targets.add(new Target(target.method(), target.uri(), target.headers(), content));
      return;
    }
    var headers = new ArrayList<>(target.headers());
    headers.add(header(line));
    targets.add(new Target(target.method(), target.uri(), headers, target.body()));
  }
}
