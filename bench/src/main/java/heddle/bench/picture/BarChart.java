package heddle.bench.picture;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Groups of horizontal bars, with their figures. */
public final class BarChart {
  private static final int LABELS = 150;
  private static final int BAR = 14;
  private static final int GAP = 12;

  private final Map<String, Map<Series, Double>> groups = new LinkedHashMap<>();

  /** Adds a bar to a group, or a group. */
  public void add(String group, Series series, double value) {
    groups.computeIfAbsent(group, g -> new LinkedHashMap<>()).put(series, value);
  }

  /** Draws it at the bottom. */
  public void draw(Svg svg) {
    double largest =
        groups.values().stream()
            .flatMap(bars -> bars.values().stream())
            .mapToDouble(Double::doubleValue)
            .max()
            .orElse(1);
    var scale = Scale.linear(0, largest, LABELS, svg.width() - 70.0);
    for (var group : groups.entrySet()) {
      List<Map.Entry<Series, Double>> bars = List.copyOf(group.getValue().entrySet());
      double top = svg.room(bars.size() * BAR - GAP + 4);
      svg.text(LABELS - 8, top + 11, Svg.Anchor.END, group.getKey());
      for (var bar : bars) {
        double value = bar.getValue();
        String figure = String.format(java.util.Locale.ROOT, "%.2f", value);
        String hint = bar.getKey().name() + ": " + figure;
        svg.box(LABELS, top, scale.at(value) - LABELS, BAR - 2, bar.getKey().colour(), hint);
        svg.text(scale.at(value) + 4, top + 10, Svg.Anchor.START, figure);
        top += BAR;
      }
    }
  }
}
