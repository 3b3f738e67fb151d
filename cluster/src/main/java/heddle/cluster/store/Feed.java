package heddle.cluster.store;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The changes of one resource, in order, for one reader. */
public interface Feed extends AutoCloseable {

  /**
   * Waits for the next change.
   *
   * @return null when none came in time, or the feed was closed
   * @throws heddle.cluster.object.ApiException 410 Expired when the reader fell behind what is kept
   */
  @Nullable Change poll(Duration patience) throws InterruptedException;

  boolean closed();

  /** Ends the feed; a waiting reader returns. */
  @Override
  void close();
}
