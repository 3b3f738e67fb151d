package heddle.manifest;

import java.math.BigInteger;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What an unquoted YAML scalar means to Kubernetes, whose reader ({@code sigs.k8s.io/yaml}) keeps
 * YAML 1.1's rules: {@code yes} is true, {@code 0400} is octal, {@code 1_000} is a thousand, a date
 * stays a string.
 */
final class KubernetesScalars {

  private static final Set<String> TRUE =
      Set.of("y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON");
  private static final Set<String> FALSE =
      Set.of("n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF");
  private static final Set<String> NULL = Set.of("", "~", "null", "Null", "NULL");
  private static final Pattern FLOAT =
      Pattern.compile("[-+]?(?:[0-9]+\\.?[0-9]*|\\.[0-9]+)(?:[eE][-+]?[0-9]+)?");
  private static final Pattern WHOLE =
      Pattern.compile("([-+]?)(?:(0[xX][0-9a-fA-F]+)|(0[bB][01]+)|(0[oO]?[0-7]+)|(0|[1-9][0-9]*))");

  private KubernetesScalars() {}

  static Node resolve(String text, Origin origin) {
    if (NULL.contains(text)) {
      return new Node.Nothing(origin);
    }
    if (TRUE.contains(text)) {
      return new Node.Truth(true, origin);
    }
    if (FALSE.contains(text)) {
      return new Node.Truth(false, origin);
    }
    Node number = number(text, origin);
    return number == null ? new Node.Text(text, origin) : number;
  }

  static @Nullable Node number(String text, Origin origin) {
    char first = text.isEmpty() ? ' ' : text.charAt(0);
    if (first != '+' && first != '-' && first != '.' && (first < '0' || first > '9')) {
      return null;
    }
    String digits = text.replace("_", "");
    BigInteger whole = whole(digits);
    if (whole != null) {
      return whole.bitLength() < Long.SIZE
          ? new Node.Whole(whole.longValue(), origin)
          : new Node.Decimal(whole.doubleValue(), origin);
    }
    return FLOAT.matcher(digits).matches()
        ? new Node.Decimal(Double.parseDouble(digits), origin)
        : null;
  }

  private static @Nullable BigInteger whole(String digits) {
    var matcher = WHOLE.matcher(digits);
    if (!matcher.matches()) {
      return null;
    }
    String sign = matcher.group(1);
    BigInteger value;
    if (matcher.group(2) != null) {
      value = new BigInteger(matcher.group(2).substring(2), 16);
    } else if (matcher.group(3) != null) {
      value = new BigInteger(matcher.group(3).substring(2), 2);
    } else if (matcher.group(4) != null) {
      value = new BigInteger(matcher.group(4).replaceFirst("[oO]", ""), 8);
    } else {
      value = new BigInteger(matcher.group(5));
    }
    return sign.equals("-") ? value.negate() : value;
  }
}
