package heddle.bench.picture;

import java.util.Locale;

/** A drawing of lines, boxes and words; coordinates in pixels from the top left. */
public final class Svg {
  /** Where a text stands in relation to its point. */
  public enum Anchor {
    START,
    MIDDLE,
    END
  }

  private static final int MARGIN = 16;

  private final StringBuilder body = new StringBuilder();
  private final int width;
  private int height = MARGIN;

  public Svg(int width) {
    this.width = width;
  }

  /** How wide it is. */
  public int width() {
    return width;
  }

  /** Makes room at the bottom. Returns where it begins. */
  public int room(int more) {
    int top = height;
    height += more + MARGIN;
    return top;
  }

  /** A filled box; {@code hint} is shown when the mouse rests on it. */
  public void box(double x, double y, double w, double h, String colour, String hint) {
    add(
        "<rect x='%.1f' y='%.1f' width='%.1f' height='%.1f' fill='%s'><title>%s</title></rect>%n",
        x, y, Math.max(w, 0), Math.max(h, 0), colour, escape(hint));
  }

  /** A thin grey line. */
  public void rule(double x1, double y1, double x2, double y2) {
    add(
        "<line x1='%.1f' y1='%.1f' x2='%.1f' y2='%.1f' stroke='#ccc' stroke-width='1'/>%n",
        x1, y1, x2, y2);
  }

  /** A line through points given as {@code x,y} pairs. */
  public void line(String points, String colour, String hint) {
    add(
        "<polyline points='%s' fill='none' stroke='%s' stroke-width='2'><title>%s</title>"
            + "</polyline>%n",
        points, colour, escape(hint));
  }

  /** Words of 12 pixels. */
  public void text(double x, double y, Anchor anchor, String words) {
    add(
        "<text x='%.1f' y='%.1f' text-anchor='%s'>%s</text>%n",
        x, y, anchor.name().toLowerCase(Locale.ROOT), escape(words));
  }

  /** A heading, with a line of words under it. */
  public void heading(String title, String under) {
    int top = room(34);
    add(
        "<text x='%d' y='%d' font-size='16' font-weight='bold'>%s</text>%n",
        MARGIN, top + 14, escape(title));
    text(MARGIN, top + 32, Anchor.START, under);
  }

  /** Coloured boxes and what they stand for, from left to right. */
  public void legend(Iterable<Series> series) {
    int top = room(12);
    double x = MARGIN;
    for (Series one : series) {
      box(x, top, 12, 12, one.colour(), one.name());
      text(x + 16, top + 11, Anchor.START, one.name());
      x += 40 + 7.0 * one.name().length();
    }
  }

  private void add(String format, Object... values) {
    body.append(String.format(Locale.ROOT, format, values));
  }

  private static String escape(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace("'", "&#39;");
  }

  /** The whole document. */
  @Override
  public String toString() {
    return """
        <svg xmlns='http://www.w3.org/2000/svg' width='%d' height='%d' font-family='sans-serif' \
        font-size='12'>
        <rect width='100%%' height='100%%' fill='white'/>
        %s</svg>
        """
        .formatted(width, height, body);
  }
}
