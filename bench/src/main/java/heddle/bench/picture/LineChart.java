package heddle.bench.picture;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/** Curves over a common axis. */
public final class LineChart {
  private static final int LEFT = 70;
  private static final int RIGHT = 24;
  private static final int BELOW = 20;

  private record Point(double x, double y) {}

  private final Map<Series, List<Point>> curves = new LinkedHashMap<>();
  private final Map<Double, String> names = new LinkedHashMap<>();
  private final boolean logarithmic;

  /**
   * @param logarithmic the upward axis: equal factors are equally far apart
   */
  public LineChart(boolean logarithmic) {
    this.logarithmic = logarithmic;
  }

  /** Adds a point to a curve, or a curve. */
  public void add(Series series, double x, double y) {
    curves.computeIfAbsent(series, s -> new ArrayList<>()).add(new Point(x, y));
  }

  /** Labels a place on the horizontal axis; without names it has round numbers. */
  public void name(double x, String name) {
    names.put(x, name);
  }

  /** Draws it at the bottom. */
  public void draw(Svg svg, int height) {
    if (curves.isEmpty()) {
      return;
    }
    double top = svg.room(height);
    double bottom = top + height - BELOW;
    Scale across =
        Scale.linear(least(Point::x), most(Point::x), LEFT, (double) svg.width() - RIGHT);
    Scale up =
        logarithmic
            ? Scale.logarithmic(Math.max(least(Point::y), 1e-3), most(Point::y), bottom, top)
            : Scale.linear(0, most(Point::y) * 1.05, bottom, top);
    for (double mark : up.marks()) {
      svg.rule(LEFT, up.at(mark), svg.width() - RIGHT, up.at(mark));
      svg.text(LEFT - 6, up.at(mark) + 4, Svg.Anchor.END, Scale.label(mark));
    }
    if (names.isEmpty()) {
      across.marks().forEach(mark -> name(mark, Scale.label(mark)));
    }
    names.forEach((x, name) -> svg.text(across.at(x), bottom + 16, Svg.Anchor.MIDDLE, name));
    curves.forEach((series, points) -> draw(svg, series, points, across, up));
  }

  private static void draw(Svg svg, Series series, List<Point> points, Scale across, Scale up) {
    var path = new StringBuilder();
    for (Point point : points) {
      path.append(String.format(Locale.ROOT, "%.1f,%.1f ", across.at(point.x()), up.at(point.y())));
    }
    svg.line(path.toString().strip(), series.colour(), series.name());
  }

  private interface Axis {
    double of(Point point);
  }

  private Stream<Point> points() {
    return curves.values().stream().flatMap(List::stream);
  }

  private double least(Axis axis) {
    return points().mapToDouble(axis::of).min().orElseThrow();
  }

  private double most(Axis axis) {
    return points().mapToDouble(axis::of).max().orElseThrow();
  }
}
