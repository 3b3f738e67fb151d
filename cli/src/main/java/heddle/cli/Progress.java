package heddle.cli;

import java.io.PrintWriter;
import java.time.Duration;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** Shows how far something is: a bar where people look, a line per phase elsewhere. */
final class Progress implements AutoCloseable {

  private final ProgressBar bar;

  private Progress(ProgressBar bar) {
    this.bar = bar;
  }

  /** A bar on standard error when that is a terminal; otherwise one line, and silence. */
  static Progress of(String task, int steps, PrintWriter err) {
    if (!Terminal.watched()) {
      err.println(task + "…");
      err.flush();
    }
    return bar(task, steps, Terminal.watched());
  }

  /** A bar for something that takes so long that people wonder; otherwise silence. */
  static Progress ofLasting(String task, long steps, Duration expected) {
    return bar(task, steps, Terminal.watched() && expected.compareTo(Duration.ofSeconds(2)) > 0);
  }

  private static Progress bar(String task, long steps, boolean shown) {
    ProgressBarBuilder builder =
        new ProgressBarBuilder()
            .setTaskName(task)
            .setInitialMax(steps)
            .setStyle(ProgressBarStyle.ASCII)
            .setUpdateIntervalMillis((int) Duration.ofMillis(100).toMillis())
            .hideEta();
    if (!shown) {
      builder.setConsumer(new Silence());
    }
    return new Progress(builder.build());
  }

  void at(int step, String what) {
    bar.stepTo(step);
    bar.setExtraMessage(" " + what);
  }

  /** One step more; cheap, from any thread. */
  void step() {
    bar.step();
  }

  @Override
  public void close() {
    bar.close();
  }

  /** Takes what a bar draws where nobody looks. */
  private static final class Silence implements me.tongfei.progressbar.ProgressBarConsumer {
    @Override
    public int getMaxRenderedLength() {
      return 80;
    }

    @Override
    public void accept(String rendered) {
      // A log file is no place for a bar.
    }

    @Override
    public void close() {
      // Nothing was opened.
    }
  }
}
