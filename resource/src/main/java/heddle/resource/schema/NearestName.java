package heddle.resource.schema;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Finds what somebody meant. */
public final class NearestName {

  private NearestName() {}

  /** The known name that a mistyped one is most likely to be, if any is near. */
  public static Optional<String> of(String typed, List<String> known) {
    String lower = typed.toLowerCase(Locale.ROOT);
    int tolerated = Math.max(1, typed.length() / 3);
    return known.stream()
        .filter(name -> distance(lower, name.toLowerCase(Locale.ROOT)) <= tolerated)
        .min(Comparator.comparingInt(name -> distance(lower, name.toLowerCase(Locale.ROOT))));
  }

  /** Levenshtein's distance; a hundred characters of each are enough for names. */
  private static int distance(String left, String right) {
    int columns = Math.min(100, right.length());
    int[] previous = new int[columns + 1];
    for (int j = 0; j <= columns; j++) {
      previous[j] = j;
    }
    for (int i = 1; i <= Math.min(100, left.length()); i++) {
      int[] current = new int[columns + 1];
      current[0] = i;
      for (int j = 1; j <= columns; j++) {
        int substituted = previous[j - 1] + (left.charAt(i - 1) == right.charAt(j - 1) ? 0 : 1);
        current[j] = Math.min(substituted, Math.min(previous[j], current[j - 1]) + 1);
      }
      previous = current;
    }
    return previous[columns];
  }
}
