package heddle.differential;

import java.time.Duration;
import java.util.List;

/**
 * What an upstream does.
 *
 * @param connections what the n-th connection does differently; later ones are ordinary
 * @param answers to the requests of all ordinary connections, in order of arrival
 * @param blackhole whether connecting to it never ends
 */
record UpstreamScript(List<ConnectionScript> connections, List<Answer> answers, boolean blackhole) {

  /**
   * One connection's own script.
   *
   * @param onAccept done before anything is read
   * @param answers of this connection alone; empty: takes from the upstream's
   */
  record ConnectionScript(List<Act> onAccept, List<Answer> answers) {}

  /**
   * What is done with one request, once its head is there.
   *
   * @param path requests for this path only, which then have a sequence of their own; empty: all
   *     others
   * @param times how many requests in a row are answered so; the last of a sequence goes on for
   *     ever
   */
  record Answer(List<Act> acts, String path, int times) {}

  /** One thing an upstream does. */
  sealed interface Act {
    /** Writes these bytes (Latin-1). */
    record Send(String bytes) implements Act {}

    /** Reads the request's body to its end. */
    record ReadBody() implements Act {}

    /** Waits until a step releases a gate. */
    record Hold(String gate) implements Act {}

    /** Waits. */
    record Pause(Duration time) implements Act {}

    /** Ends the connection with FIN. */
    record Close() implements Act {}

    /** Ends the connection with RST. */
    record Reset() implements Act {}

    /** Does nothing more; reads on until the peer goes. */
    record Stall() implements Act {}
  }
}
