package heddle.cluster.stream;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** What a client's end of an exec or attach offers, whatever the protocol. */
interface CommandChannels {

  /** Ends when the client ends it or goes away. */
  InputStream stdin();

  /** Each write reaches the client at once. */
  OutputStream stdout();

  OutputStream stderr();

  /** JSON objects {@code {"Width":80,"Height":24}}, one after the other. */
  InputStream resize();

  /** All output is out: sends the outcome, in the protocol's way, and says goodbye. */
  void finish(ObjectNode status) throws IOException;
}
