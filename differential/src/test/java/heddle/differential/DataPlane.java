package heddle.differential;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;

/** A proxy that is configured over ADS and observed from outside. */
interface DataPlane extends AutoCloseable {
  /** Waits until the first configuration is in force. */
  void awaitReady() throws IOException, InterruptedException;

  /** Where the admin interface is, once it is ready. */
  InetSocketAddress admin() throws IOException;

  /** The access log so far. */
  List<LogLine> log();

  /** What it says for a person to read when something went wrong. */
  default String words() {
    return "";
  }

  @Override
  void close() throws IOException;
}
