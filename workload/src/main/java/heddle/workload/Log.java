package heddle.workload;

import java.io.PrintStream;
import java.time.Clock;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/** One line per event, after date and time as Go's log package writes them. */
record Log(Clock clock, PrintStream out) {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy/MM/dd HH:mm:ss").withZone(ZoneOffset.UTC);

  void line(String message) {
    out.println(TIME.format(clock.instant()) + " " + message);
  }
}
