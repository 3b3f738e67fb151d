package heddle.proxy.accesslog;

/** Takes finished log lines; called on an event loop, so it must not block. */
@FunctionalInterface
public interface LineSink {

  /** One line, ending with a line feed if the format says so. */
  void line(String line);
}
