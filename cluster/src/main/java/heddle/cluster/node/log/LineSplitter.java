package heddle.cluster.node.log;

import java.io.IOException;

/** Cuts one stream of a container into lines; a line over 16 KiB comes in pieces. */
public final class LineSplitter {
  private static final int LONGEST = 16 * 1024;

  private final ContainerLog log;
  private final String stream;
  private final byte[] line = new byte[LONGEST];
  private int length;

  /**
   * @param stream {@code stdout} or {@code stderr}
   */
  public LineSplitter(ContainerLog log, String stream) {
    this.log = log;
    this.stream = stream;
  }

  public void write(byte[] bytes, int count) throws IOException {
    for (int i = 0; i < count; i++) {
      if (bytes[i] == '\n') {
        emit(true);
      } else {
        if (length == LONGEST) {
          emit(false);
        }
        line[length++] = bytes[i];
      }
    }
  }

  /** Writes a last line that had no end. */
  public void finish() throws IOException {
    if (length > 0) {
      emit(true);
    }
  }

  private void emit(boolean full) throws IOException {
    // A terminal ends its lines with both.
    int end = full && length > 0 && line[length - 1] == '\r' ? length - 1 : length;
    log.append(stream, full, line, end);
    length = 0;
  }
}
