package heddle.cluster.node.environment;

import java.util.Map;

/** Expands {@code $(NAME)}; {@code $$} is one dollar sign, and unknown names stay as they are. */
public final class Expansion {
  private Expansion() {}

  public static String expand(String text, Map<String, String> variables) {
    StringBuilder result = new StringBuilder(text.length());
    int at = 0;
    while (at < text.length()) {
      char here = text.charAt(at);
      char next = at + 1 < text.length() ? text.charAt(at + 1) : ' ';
      if (here == '$' && next == '$') {
        result.append('$');
        at += 2;
      } else if (here == '$' && next == '(' && text.indexOf(')', at) > 0) {
        int end = text.indexOf(')', at);
        String value = variables.get(text.substring(at + 2, end));
        result.append(value == null ? text.substring(at, end + 1) : value);
        at = end + 1;
      } else {
        result.append(here);
        at++;
      }
    }
    return result.toString();
  }
}
