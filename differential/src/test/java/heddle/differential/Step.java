package heddle.differential;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.List;

/** One thing that a scenario does, in the order of its file. */
sealed interface Step {

  /**
   * A request.
   *
   * @param ids of the responses that are expected, usually one
   * @param connection the client's connection, opened when there is none of that name
   * @param listener the listener to connect to
   * @param bytes what is sent (Latin-1), with placeholders
   */
  record Request(
      List<String> ids, String connection, String listener, String method, String bytes) {}

  /** Sends requests, all at once, and waits for every response if so told. */
  record Send(List<Request> requests, boolean waits) implements Step {}

  /** Waits for responses of requests that were started; empty: all. */
  record Finish(List<String> ids) implements Step {}

  /** More bytes on a connection. */
  record Bytes(String connection, String bytes) implements Step {}

  /** What is done to a client's connection. */
  record Leave(String connection, How how) implements Step {
    enum How {
      CLOSE,
      RESET,
      SHUT
    }
  }

  /** Lets upstreams go on that hold at a gate. */
  record Release(String gate) implements Step {}

  /** What is done to an upstream. */
  record Steer(String upstream, How how) implements Step {
    enum How {
      STOP,
      START,
      CLOSE,
      RESET
    }
  }

  /** Real time goes by. */
  record Pass(Duration time) implements Step {}

  /** Posts to the admin interface. */
  record Admin(String page) implements Step {}

  /**
   * Publishes a changed configuration.
   *
   * @param change merged onto what is in force
   * @param refused whether the node is to refuse it
   * @param waits whether the step waits until what changed is in force
   */
  record Apply(ObjectNode change, boolean refused, boolean waits) implements Step {}

  /** Waits until something is so. */
  sealed interface Await extends Step {
    /** A statistic: counters since the start of the steps, gauges as they are. */
    record Stat(String name, long least, long most) implements Await {}

    /** An upstream has received this much. */
    record UpstreamHas(String upstream, String what, int least) implements Await {}

    /** A response has begun, and this much of its body is there. */
    record ResponseHas(String id, int bytes) implements Await {}

    /** The proxy has closed a client's connection. */
    record Closed(String connection) implements Await {}
  }
}
