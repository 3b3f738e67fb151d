package heddle.cluster.stream;

import com.fasterxml.jackson.databind.node.ObjectNode;
import heddle.cluster.node.PodAccess.ExecRequest;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** The channels of an exec or attach in a WebSocket: 0 to 2 as in a shell, 3 status, 4 resize. */
final class WebSocketCommand implements CommandChannels {
  private static final int ERROR = 3;

  private final WebSocketChannels channels;
  private final boolean structured;
  private final InputStream stdin;
  private final InputStream resize;

  WebSocketCommand(WebSocketChannels channels, String protocol) {
    this.channels = channels;
    this.structured = protocol.startsWith("v4") || protocol.startsWith("v5");
    this.stdin = channels.input(0);
    this.resize = channels.input(4);
  }

  void announce(ExecRequest request) throws IOException {
    channels.announce(request.stdout() ? 1 : request.stderr() ? 2 : ERROR);
  }

  @Override
  public InputStream stdin() {
    return stdin;
  }

  @Override
  public OutputStream stdout() {
    return channels.output(1);
  }

  @Override
  public OutputStream stderr() {
    return channels.output(2);
  }

  @Override
  public InputStream resize() {
    return resize;
  }

  @Override
  public void finish(ObjectNode status) throws IOException {
    String text = structured ? status.toString() : CommandStatus.text(status);
    if (!text.isEmpty()) {
      channels.output(ERROR).write(WebSocketChannels.utf8(text));
    }
    channels.close();
  }
}
