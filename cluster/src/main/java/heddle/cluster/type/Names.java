package heddle.cluster.type;

import com.google.re2j.Pattern;

/**
 * The forms that names and labels must have. Source: apimachinery's validation of RFC 1123 names.
 */
public final class Names {
  static final String LABEL_RULE =
      "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must"
          + " start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used"
          + " for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
  private static final String SUBDOMAIN_RULE =
      "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.',"
          + " and must start and end with an alphanumeric character (e.g. 'example.com', regex used for"
          + " validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
  private static final String SERVICE_RULE =
      "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an"
          + " alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or"
          + " 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')";
  private static final String VALUE_RULE =
      "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.',"
          + " and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or"
          + " '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";
  private static final Pattern LABEL = Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?");
  private static final Pattern SUBDOMAIN =
      Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*");
  private static final Pattern SERVICE = Pattern.compile("[a-z]([-a-z0-9]*[a-z0-9])?");
  private static final Pattern VALUE =
      Pattern.compile("(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?");

  private Names() {}

  static boolean isLabel(String text) {
    return text.length() <= 63 && LABEL.matches(text);
  }

  static boolean isSubdomain(String text) {
    return text.length() <= 253 && SUBDOMAIN.matches(text);
  }

  /** Checks {@code metadata.name} as the kind demands. */
  public static void validate(String group, String kind, String name, Problems problems) {
    String field = "metadata.name";
    if (name.isEmpty()) {
      problems.required(field, "name or generateName is required");
    } else if (group.equals("rbac.authorization.k8s.io")) {
      if (name.equals(".") || name.equals("..") || name.contains("/") || name.contains("%")) {
        problems.invalid(field, name, "may not be '.' or '..' nor contain '/' or '%'");
      }
    } else if (kind.equals("Service") && group.isEmpty()) {
      check(name.length() <= 63 && SERVICE.matches(name), field, name, SERVICE_RULE, problems);
    } else if (kind.equals("Namespace") && group.isEmpty()) {
      check(isLabel(name), field, name, LABEL_RULE, problems);
    } else {
      check(isSubdomain(name), field, name, SUBDOMAIN_RULE, problems);
    }
  }

  /** Checks the value of a label at a path. */
  public static void validateLabel(String path, String key, String value, Problems problems) {
    String bare = key.substring(key.indexOf('/') + 1);
    if (bare.isEmpty() || bare.length() > 63 || !VALUE.matches(bare)) {
      problems.invalid(path, key, "name part must be a valid label name of at most 63 characters");
    }
    if (value.length() > 63) {
      problems.invalid(path, value, "must be no more than 63 characters");
    } else {
      check(VALUE.matches(value), path, value, VALUE_RULE, problems);
    }
  }

  private static void check(
      boolean holds, String field, String value, String rule, Problems problems) {
    if (!holds) {
      problems.invalid(field, value, rule);
    }
  }
}
