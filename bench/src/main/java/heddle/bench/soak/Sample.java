package heddle.bench.soak;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;

/**
 * What the serving process says of itself at one moment.
 *
 * @param second since its start
 * @param resident bytes of memory
 * @param heap bytes in use after a collection
 * @param direct bytes outside of the heap that buffers take
 * @param changes of the configuration that were published so far
 * @param accepted updates that the sidecar acknowledged so far
 * @param refused updates that it did not
 * @param leaks buffers that were not released, so far; 0 without {@code --paranoid}
 */
record Sample(
    double second,
    long resident,
    long heap,
    long direct,
    long changes,
    long accepted,
    long refused,
    long leaks) {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  String json() {
    return MAPPER
        .createObjectNode()
        .put("second", second)
        .put("resident", resident)
        .put("heap", heap)
        .put("direct", direct)
        .put("changes", changes)
        .put("accepted", accepted)
        .put("refused", refused)
        .put("leaks", leaks)
        .toString();
  }

  static Sample parse(String line) throws IOException {
    JsonNode node = MAPPER.readTree(line);
    return new Sample(
        node.path("second").asDouble(),
        node.path("resident").asLong(),
        node.path("heap").asLong(),
        node.path("direct").asLong(),
        node.path("changes").asLong(),
        node.path("accepted").asLong(),
        node.path("refused").asLong(),
        node.path("leaks").asLong());
  }
}
