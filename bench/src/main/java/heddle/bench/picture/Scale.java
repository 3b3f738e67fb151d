package heddle.bench.picture;

import java.util.ArrayList;
import java.util.List;

/** From values to pixels, along one axis. */
public final class Scale {
  private static final int MARKS = 6;

  private final double from;
  private final double to;
  private final double start;
  private final double end;
  private final boolean logarithmic;

  private Scale(double from, double to, double start, double end, boolean logarithmic) {
    this.from = from;
    this.to = to > from ? to : from + 1;
    this.start = start;
    this.end = end;
    this.logarithmic = logarithmic;
  }

  /** Equal steps are equally far apart. */
  public static Scale linear(double from, double to, double start, double end) {
    return new Scale(from, to, start, end, false);
  }

  /** Equal factors are equally far apart; values must be above 0. Widened to powers of ten. */
  public static Scale logarithmic(double from, double to, double start, double end) {
    return new Scale(
        Math.pow(10, Math.floor(Math.log10(from))),
        Math.pow(10, Math.ceil(Math.log10(to))),
        start,
        end,
        true);
  }

  /** Where a value lies. */
  public double at(double value) {
    double share =
        logarithmic
            ? Math.log(Math.max(value, from) / from) / Math.log(to / from)
            : (value - from) / (to - from);
    return start + share * (end - start);
  }

  /** Values to mark on the axis: round ones, about five or one per power of ten. */
  public List<Double> marks() {
    var marks = new ArrayList<Double>();
    if (logarithmic) {
      for (double mark = from; mark <= to * 1.001; mark *= 10) {
        marks.add(mark);
      }
      return marks;
    }
    double fair = (to - from) / MARKS;
    double power = Math.pow(10, Math.floor(Math.log10(fair)));
    double step = power * (fair <= power ? 1 : fair <= 2 * power ? 2 : fair <= 5 * power ? 5 : 10);
    for (long i = (long) Math.ceil(from / step); i * step <= to; i++) {
      marks.add(i * step);
    }
    return marks;
  }

  /** A mark's label: no more digits than it needs. */
  public static String label(double mark) {
    return mark >= 1 && mark == Math.rint(mark)
        ? String.format(java.util.Locale.ROOT, "%,d", (long) mark)
        : Double.toString(Math.round(mark * 1000) / 1000.0);
  }
}
