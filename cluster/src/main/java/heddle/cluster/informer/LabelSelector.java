package heddle.cluster.informer;

import com.fasterxml.jackson.databind.JsonNode;
import heddle.cluster.object.ApiException;
import heddle.cluster.object.Metadata;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;

/**
 * A {@code LabelSelector} (matchLabels and matchExpressions) or a plain map of labels, as Services
 * have it.
 */
public record LabelSelector(List<Requirement> requirements) {

  /** One condition on one label. */
  public sealed interface Requirement {
    boolean matches(Map<String, String> labels);

    record In(String key, List<String> values) implements Requirement {
      @Override
      public boolean matches(Map<String, String> labels) {
        String value = labels.get(key);
        return value != null && values.contains(value);
      }
    }

    record NotIn(String key, List<String> values) implements Requirement {
      @Override
      public boolean matches(Map<String, String> labels) {
        String value = labels.get(key);
        return value == null || !values.contains(value);
      }
    }

    record Exists(String key) implements Requirement {
      @Override
      public boolean matches(Map<String, String> labels) {
        return labels.containsKey(key);
      }
    }

    record Absent(String key) implements Requirement {
      @Override
      public boolean matches(Map<String, String> labels) {
        return !labels.containsKey(key);
      }
    }
  }

  public LabelSelector {
    requirements = List.copyOf(requirements);
  }

  /** An empty selector matches everything; callers for whom it means nothing must ask first. */
  public boolean matches(Map<String, String> labels) {
    return requirements.stream().allMatch(requirement -> requirement.matches(labels));
  }

  public boolean isEmpty() {
    return requirements.isEmpty();
  }

  /** A Service's selector. */
  public static LabelSelector ofLabels(JsonNode labels) {
    List<Requirement> requirements = new ArrayList<>();
    Metadata.strings(labels)
        .forEach((key, value) -> requirements.add(new Requirement.In(key, List.of(value))));
    return new LabelSelector(requirements);
  }

  /** A {@code LabelSelector} object; an unknown operator is a BadRequest. */
  public static LabelSelector of(JsonNode selector) {
    List<Requirement> requirements =
        new ArrayList<>(ofLabels(selector.path("matchLabels")).requirements());
    for (JsonNode expression : selector.path("matchExpressions")) {
      requirements.add(expression(expression));
    }
    return new LabelSelector(requirements);
  }

  private static Requirement expression(JsonNode expression) {
    String key = expression.path("key").asText();
    List<String> values =
        StreamSupport.stream(expression.path("values").spliterator(), false)
            .map(JsonNode::asText)
            .toList();
    String operator = expression.path("operator").asText();
    return switch (operator) {
      case "In" -> new Requirement.In(key, values);
      case "NotIn" -> new Requirement.NotIn(key, values);
      case "Exists" -> new Requirement.Exists(key);
      case "DoesNotExist" -> new Requirement.Absent(key);
      default ->
          throw ApiException.badRequest(
              "\""
                  + operator
                  + "\" is not a valid label selector operator (expected: In, NotIn, Exists,"
                  + " DoesNotExist)");
    };
  }
}
