package heddle.cluster.type;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import java.util.Comparator;

/**
 * Orders versions as Kubernetes prefers them: v2, v1, v1beta2, v1beta1, v1alpha1, anything else.
 */
public final class VersionOrder {
  private static final Pattern FORM = Pattern.compile("v([0-9]+)(?:(alpha|beta)([0-9]+))?");

  /** The preferred version comes first. */
  public static final Comparator<String> NEWEST_FIRST =
      Comparator.comparingInt(VersionOrder::stability)
          .thenComparingLong(VersionOrder::major)
          .thenComparingLong(VersionOrder::minor)
          .reversed()
          .thenComparing(Comparator.naturalOrder());

  private VersionOrder() {}

  private static int stability(String version) {
    Matcher matcher = FORM.matcher(version);
    if (!matcher.matches()) {
      return 0;
    }
    String stage = matcher.group(2);
    return stage == null ? 3 : stage.equals("beta") ? 2 : 1;
  }

  private static long major(String version) {
    return part(version, 1);
  }

  private static long minor(String version) {
    return part(version, 3);
  }

  private static long part(String version, int group) {
    Matcher matcher = FORM.matcher(version);
    if (!matcher.matches() || matcher.group(group) == null) {
      return 0;
    }
    String digits = matcher.group(group);
    return digits.length() > 18 ? Long.MAX_VALUE : Long.parseLong(digits);
  }
}
