package heddle.mesh;

import heddle.manifest.ManifestReader;
import heddle.manifest.Node;

/** Lays JSON out for people: what fits on a line stays on it. */
final class GoldenJson {

  private static final int WIDTH = 120;

  private GoldenJson() {}

  static String layOut(String json) {
    StringBuilder text = new StringBuilder();
    Node.Mapping root = new ManifestReader().read("golden", json).getFirst().root();
    write(root, 0, 0, text);
    return text.append('\n').toString();
  }

  private static void write(Node node, int indent, int used, StringBuilder text) {
    String line = node.json();
    if (used + line.length() <= WIDTH) {
      text.append(line);
      return;
    }
    switch (node) {
      case Node.Mapping map -> {
        String separator = "{";
        for (Node.Entry entry : map.entries()) {
          newLine(text.append(separator), indent + 2);
          text.append('"').append(entry.key()).append("\": ");
          write(entry.value(), indent + 2, indent + entry.key().length() + 7, text);
          separator = ",";
        }
        newLine(text, indent);
        text.append('}');
      }
      case Node.Sequence list -> {
        String separator = "[";
        for (Node item : list.items()) {
          newLine(text.append(separator), indent + 2);
          write(item, indent + 2, indent + 3, text);
          separator = ",";
        }
        newLine(text, indent);
        text.append(']');
      }
      default -> text.append(line);
    }
  }

  private static void newLine(StringBuilder text, int indent) {
    text.append('\n').repeat(" ", indent);
  }
}
