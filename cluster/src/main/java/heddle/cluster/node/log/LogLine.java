package heddle.cluster.node.log;

import java.nio.charset.StandardCharsets;

/**
 * One entry of a log file.
 *
 * @param time RFC 3339 with nanoseconds
 * @param full whether it ends its line
 * @param start where the text starts in the entry
 */
record LogLine(String time, boolean full, byte[] entry, int start) {

  static LogLine parse(byte[] entry) {
    int time = blank(entry, 0);
    int stream = blank(entry, time + 1);
    boolean full = stream + 1 < entry.length && entry[stream + 1] == 'F';
    return new LogLine(
        new String(entry, 0, time, StandardCharsets.UTF_8),
        full,
        entry,
        Math.min(entry.length, stream + 3));
  }

  private static int blank(byte[] entry, int from) {
    int at = from;
    while (at < entry.length && entry[at] != ' ') {
      at++;
    }
    return at;
  }
}
