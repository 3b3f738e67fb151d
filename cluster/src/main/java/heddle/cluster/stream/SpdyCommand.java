package heddle.cluster.stream;

import com.fasterxml.jackson.databind.node.ObjectNode;
import heddle.cluster.node.PodAccess.ExecRequest;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/** The channels of an exec or attach over SPDY: one stream each, named by {@code streamtype}. */
final class SpdyCommand implements CommandChannels {
  static final List<String> PROTOCOLS =
      List.of(
          "v4.channel.k8s.io",
          "v3.channel.k8s.io",
          "v2.channel.k8s.io",
          "channel.k8s.io",
          "v5.channel.k8s.io");

  private final String protocol;
  private final Set<String> expected = new HashSet<>();
  private final Map<String, SpdyStream> streams = new ConcurrentHashMap<>();
  private final CompletableFuture<SpdyCommand> complete = new CompletableFuture<>();

  SpdyCommand(String protocol, ExecRequest request) {
    this.protocol = protocol;
    expected.add("error");
    addIf(request.stdin(), "stdin");
    addIf(request.stdout(), "stdout");
    addIf(request.stderr() && !request.tty(), "stderr");
    addIf(request.tty() && version() >= 3, "resize");
  }

  private void addIf(boolean condition, String type) {
    if (condition) {
      expected.add(type);
    }
  }

  /** v5 is v4 here: closing a stream needs no message of its own. */
  private int version() {
    return protocol.startsWith("v") ? Math.min(4, protocol.charAt(1) - '0') : 1;
  }

  /** Takes a stream that the client opened. */
  void opened(SpdyStream stream) {
    streams.put(stream.header("streamtype"), stream);
    if (streams.keySet().containsAll(expected)) {
      complete.complete(this);
    }
  }

  /** Completes with this when all streams are there. */
  CompletableFuture<SpdyCommand> complete() {
    return complete;
  }

  /** The streams that have not come. */
  List<String> missing() {
    var missing = new ArrayList<>(expected);
    missing.removeAll(streams.keySet());
    return missing;
  }

  @Override
  public InputStream stdin() {
    return input("stdin");
  }

  @Override
  public OutputStream stdout() {
    return output("stdout");
  }

  @Override
  public OutputStream stderr() {
    return output("stderr");
  }

  @Override
  public InputStream resize() {
    return input("resize");
  }

  @Override
  public void finish(ObjectNode status) throws IOException {
    stdout().close();
    stderr().close();
    String text = version() >= 4 ? status.toString() : CommandStatus.text(status);
    try (OutputStream error = output("error")) {
      error.write(text.getBytes(StandardCharsets.UTF_8));
    }
  }

  private InputStream input(String type) {
    SpdyStream stream = streams.get(type);
    return stream == null ? InputStream.nullInputStream() : stream.input();
  }

  private OutputStream output(String type) {
    SpdyStream stream = streams.get(type);
    return stream == null ? OutputStream.nullOutputStream() : stream.output();
  }
}
