package heddle.kube;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.HttpClient;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A watch over a chunked HTTP answer: one JSON value per event, with or without line ends. */
final class StreamedWatch implements KubeWatch {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final AsyncBody body;
  private final BodyStream bytes;
  private final String what;
  private @Nullable MappingIterator<JsonNode> values;
  private volatile boolean closed;

  private StreamedWatch(AsyncBody body, BodyStream bytes, String what) {
    this.body = body;
    this.bytes = bytes;
    this.what = what;
  }

  static StreamedWatch open(HttpClient http, HttpRequest request, String what) {
    BodyStream bytes = new BodyStream();
    HttpResponse<AsyncBody> answer =
        KubeApi.await(http.consumeBytes(request, (buffers, body) -> bytes.add(buffers)), what);
    AsyncBody body = answer.body();
    body.done().whenComplete((nothing, problem) -> bytes.end(problem));
    bytes.feedFrom(body);
    if (answer.code() >= 300) {
      throw KubeException.of(answer.code(), KubeApi.parsed(bytes.readAllAsText()), what);
    }
    return new StreamedWatch(body, bytes, what);
  }

  @Override
  public Optional<Event> next() {
    try {
      MappingIterator<JsonNode> events = values;
      if (events == null) {
        events = MAPPER.readerFor(JsonNode.class).readValues(bytes);
        values = events;
      }
      return events.hasNextValue() ? Optional.of(event(events.nextValue())) : Optional.empty();
    } catch (IOException e) {
      if (closed) {
        return Optional.empty();
      }
      throw new KubeException(what + ": " + e.getMessage(), e);
    }
  }

  private Event event(JsonNode json) {
    String type = json.path("type").asText();
    JsonNode object = json.path("object");
    if (type.equals("ERROR")) {
      throw KubeException.of(object.path("code").asInt(), object, what);
    }
    if (object instanceof ObjectNode tree) {
      for (Type known : Type.values()) {
        if (known.name().equals(type)) {
          return new Event(known, new KubeObject(tree));
        }
      }
    }
    throw new KubeException(
        0,
        "",
        what
            + ": event of type '"
            + type
            + "' (expected: ADDED, MODIFIED, DELETED, BOOKMARK or ERROR)");
  }

  @Override
  public void close() {
    closed = true;
    body.cancel();
    bytes.end(null);
  }
}
