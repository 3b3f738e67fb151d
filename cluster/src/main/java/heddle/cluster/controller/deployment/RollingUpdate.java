package heddle.cluster.controller.deployment;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The arithmetic of a rolling update, free of any API: how far the new set may grow and the old
 * ones may shrink now. Semantics: Kubernetes' deployment controller.
 *
 * @param replicas pods the deployment wants
 * @param maxSurge pods above that
 * @param maxUnavailable pods below that
 */
record RollingUpdate(int replicas, int maxSurge, int maxUnavailable) {

  /** One set as the arithmetic sees it. */
  record Size(String name, long revision, int wanted, int actual, int available) {}

  /** A set's next size. */
  record Step(String name, int replicas) {}

  static RollingUpdate of(JsonNode spec) {
    int replicas = spec.path("replicas").asInt(1);
    JsonNode rolling = spec.path("strategy").path("rollingUpdate");
    int surge = resolve(rolling.path("maxSurge"), replicas, true);
    int unavailable = resolve(rolling.path("maxUnavailable"), replicas, false);
    if (surge == 0 && unavailable == 0) {
      unavailable = 1; // Otherwise nothing could ever move.
    }
    return new RollingUpdate(replicas, surge, Math.min(unavailable, replicas));
  }

  /** A number, or a percentage of the replicas; surges round up, unavailability rounds down. */
  static int resolve(JsonNode value, int replicas, boolean up) {
    if (value.isMissingNode()) {
      return resolvePercent(25, replicas, up);
    }
    String text = value.asText();
    return text.endsWith("%")
        ? resolvePercent(Integer.parseInt(text.substring(0, text.length() - 1)), replicas, up)
        : value.asInt();
  }

  private static int resolvePercent(int percent, int replicas, boolean up) {
    long hundredths = (long) percent * replicas;
    return (int) (up ? (hundredths + 99) / 100 : hundredths / 100);
  }

  /** The new set's next size: as far up as the surge allows, or down to what is wanted. */
  int newSize(Size current, List<Size> old) {
    if (current.wanted() >= replicas) {
      return replicas;
    }
    int total = current.wanted() + old.stream().mapToInt(Size::wanted).sum();
    int room = replicas + maxSurge - total;
    return room <= 0
        ? current.wanted()
        : current.wanted() + Math.min(room, replicas - current.wanted());
  }

  /**
   * How the old sets shrink: unhealthy pods first, then healthy ones as far as availability allows.
   */
  List<Step> shrink(Size current, List<Size> old) {
    List<Size> oldestFirst =
        old.stream()
            .filter(set -> set.wanted() > 0)
            .sorted(Comparator.comparingLong(Size::revision))
            .toList();
    int minAvailable = replicas - maxUnavailable;
    int total = current.wanted() + oldestFirst.stream().mapToInt(Size::wanted).sum();
    int newUnavailable = current.wanted() - current.available();
    int room = total - minAvailable - newUnavailable;
    if (room <= 0) {
      return List.of();
    }
    List<Size> cleaned = new ArrayList<>();
    for (Size set : oldestFirst) {
      int unhealthy = Math.min(room, Math.max(0, set.wanted() - set.available()));
      room -= unhealthy;
      cleaned.add(
          new Size(
              set.name(), set.revision(), set.wanted() - unhealthy, set.actual(), set.available()));
    }
    int available = current.available() + oldestFirst.stream().mapToInt(Size::available).sum();
    int spare = available - minAvailable;
    List<Step> steps = new ArrayList<>();
    for (int i = 0; i < cleaned.size(); i++) {
      Size set = cleaned.get(i);
      int healthy = Math.max(0, Math.min(spare, set.wanted()));
      spare -= healthy;
      int size = set.wanted() - healthy;
      if (size != oldestFirst.get(i).wanted()) {
        steps.add(new Step(set.name(), size));
      }
    }
    return steps;
  }
}
