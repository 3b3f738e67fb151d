package heddle.scenario;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;

/** Runs commands as a user would. */
public interface Shell {

  /** A command that runs. */
  interface Running extends AutoCloseable {
    boolean ended();

    /** Waits for its end; ends it when it takes longer than {@code timeout} from now. */
    Output await(Duration timeout) throws IOException, InterruptedException;

    /** Ends it. */
    @Override
    void close();
  }

  /**
   * @param environment all variables of the command
   * @param input standard input
   */
  Running start(String script, Map<String, String> environment, String input) throws IOException;
}
