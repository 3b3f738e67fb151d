package heddle.scenario;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Prints a run's table, row by row. On a terminal rows are coloured, and a step that takes longer
 * than two seconds shows how long it has taken so far.
 */
public final class OutcomeTable implements ScenarioRunner.Listener, AutoCloseable {
  private static final int STEP = 44;
  private static final int EXPECTED = 36;
  private static final int OBSERVED = 48;
  private static final String CLEAR = "\r\u001b[K";

  private final PrintStream out;
  private final boolean terminal;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("progress").factory());
  private @Nullable ScheduledFuture<?> progress;
  private int seconds;

  /**
   * @param terminal whether {@code out} is one
   */
  public OutcomeTable(PrintStream out, boolean terminal) {
    this.out = out;
    this.terminal = terminal;
    row("STEP", "EXPECTED", "OBSERVED", "OK", "");
  }

  @Override
  public synchronized void started(Step step) {
    if (terminal) {
      seconds = 1;
      progress = timer.scheduleAtFixedRate(() -> progress(step.name()), 2, 1, TimeUnit.SECONDS);
    }
  }

  @Override
  public synchronized void finished(Outcome.Row row) {
    endProgress();
    row(
        row.step(),
        row.expected(),
        row.observed(),
        row.ok() ? "ok" : "FAILED",
        row.ok() ? "\u001b[32m" : "\u001b[31m");
  }

  /** Prints the last line: how many steps hold, and the time. */
  public synchronized void summary(Outcome outcome) {
    long held = outcome.steps().stream().filter(Outcome.Row::ok).count();
    out.printf(
        Locale.ROOT,
        "%n%s: %d of %d steps ok in %.1f s%n",
        outcome.name(),
        held,
        outcome.steps().size(),
        outcome.took().toMillis() / 1000.0);
  }

  @Override
  public synchronized void close() {
    endProgress();
    timer.shutdownNow();
  }

  private synchronized void progress(String step) {
    seconds++;
    out.print(CLEAR + "… " + step + " (" + seconds + " s)");
    out.flush();
  }

  private void endProgress() {
    if (progress != null) {
      progress.cancel(false);
      progress = null;
      out.print(CLEAR);
    }
  }

  private void row(String step, String expected, String observed, String ok, String colour) {
    var steps = wrap(step, STEP);
    var expectations = wrap(expected, EXPECTED);
    var observations = wrap(observed, OBSERVED);
    int lines = Math.max(steps.size(), Math.max(expectations.size(), observations.size()));
    for (int i = 0; i < lines; i++) {
      String mark = i == 0 ? ok : "";
      String painted = terminal && !mark.isEmpty() ? colour + mark + "\u001b[0m" : mark;
      String text =
          pad(at(steps, i), STEP)
              + "  "
              + pad(at(expectations, i), EXPECTED)
              + "  "
              + pad(at(observations, i), OBSERVED)
              + "  "
              + painted;
      out.println(text.stripTrailing());
    }
  }

  private static String at(List<String> lines, int index) {
    return index < lines.size() ? lines.get(index) : "";
  }

  private static String pad(String text, int width) {
    return text + " ".repeat(Math.max(0, width - text.length()));
  }

  /** At blanks where there are some, else in the middle of a word. */
  private static List<String> wrap(String text, int width) {
    var lines = new ArrayList<String>();
    String rest = text.strip();
    while (rest.length() > width) {
      int blank = rest.lastIndexOf(' ', width);
      int end = blank > width / 3 ? blank : width;
      lines.add(rest.substring(0, end).stripTrailing());
      rest = rest.substring(end).stripLeading();
    }
    lines.add(rest);
    return lines;
  }
}
