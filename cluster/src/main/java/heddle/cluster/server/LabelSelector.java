package heddle.cluster.server;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import heddle.cluster.object.ApiException;
import heddle.cluster.object.Metadata;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** {@code a=b,c!=d,e in (f,g),h notin (i),j,!k}. Source: apimachinery's labels.Parse. */
final class LabelSelector implements Selector {
  private static final String KEY = "([A-Za-z0-9][-A-Za-z0-9_./]*)";
  private static final String VALUE = "([-A-Za-z0-9_.]*)";
  private static final Pattern EXISTS = Pattern.compile("\\s*(!?)\\s*" + KEY + "\\s*");
  private static final Pattern EQUALS =
      Pattern.compile("\\s*" + KEY + "\\s*(==|=|!=)\\s*" + VALUE + "\\s*");
  private static final Pattern SET =
      Pattern.compile("\\s*" + KEY + "\\s+(in|notin)\\s*\\(([^()]*)\\)\\s*");

  /** One term: the label must (or must not) have one of the values; no values mean any. */
  private record Term(String key, boolean wanted, Set<String> values) {
    boolean matches(Map<String, String> labels) {
      String value = labels.get(key);
      boolean present = value != null && (values.isEmpty() || values.contains(value));
      return present == wanted;
    }
  }

  private final List<Term> terms;

  private LabelSelector(List<Term> terms) {
    this.terms = terms;
  }

  static Selector parse(String text) {
    List<Term> terms = new ArrayList<>();
    for (String part : split(text)) {
      if (!part.isBlank()) {
        terms.add(term(part, text));
      }
    }
    return terms.isEmpty() ? ALL : new LabelSelector(terms);
  }

  /** Splits at commas outside parentheses. */
  private static List<String> split(String text) {
    List<String> parts = new ArrayList<>();
    int depth = 0;
    int start = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      depth += c == '(' ? 1 : c == ')' ? -1 : 0;
      if (c == ',' && depth == 0) {
        parts.add(text.substring(start, i));
        start = i + 1;
      }
    }
    parts.add(text.substring(start));
    return parts;
  }

  private static Term term(String part, String whole) {
    Matcher equals = EQUALS.matcher(part);
    if (equals.matches()) {
      return new Term(equals.group(1), !equals.group(2).equals("!="), Set.of(equals.group(3)));
    }
    Matcher set = SET.matcher(part);
    if (set.matches()) {
      Set<String> values = new java.util.HashSet<>();
      for (String value : set.group(3).split(",", -1)) {
        values.add(value.strip());
      }
      return new Term(set.group(1), set.group(2).equals("in"), values);
    }
    Matcher exists = EXISTS.matcher(part);
    if (exists.matches()) {
      return new Term(exists.group(2), exists.group(1).isEmpty(), Set.of());
    }
    throw ApiException.badRequest(
        "unable to parse requirement: \"" + part.strip() + "\" in label selector \"" + whole + '"');
  }

  @Override
  public boolean matches(ObjectNode object) {
    Map<String, String> labels = Metadata.labels(object);
    return terms.stream().allMatch(term -> term.matches(labels));
  }
}
