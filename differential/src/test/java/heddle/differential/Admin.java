package heddle.differential;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/** The admin interface of a data plane: the same pages on both. */
final class Admin implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient client = HttpClient.newHttpClient();
  private final InetSocketAddress address;

  Admin(InetSocketAddress address) {
    this.address = address;
  }

  private String send(String method, String page) throws IOException, InterruptedException {
    URI uri = URI.create("http://" + address.getHostString() + ":" + address.getPort() + page);
    HttpResponse<String> response =
        client.send(
            HttpRequest.newBuilder(uri)
                .timeout(Duration.ofSeconds(20))
                .method(method, HttpRequest.BodyPublishers.noBody())
                .build(),
            HttpResponse.BodyHandlers.ofString());
    if (response.statusCode() != 200) {
      throw new IOException(method + " " + page + ": " + response.statusCode() + response.body());
    }
    return response.body();
  }

  void post(String page) throws IOException, InterruptedException {
    send("POST", page);
  }

  /** Every counter and gauge; listeners' addresses replaced by their names. */
  Map<String, Long> stats() throws IOException, InterruptedException {
    JsonNode all = JSON.readTree(send("GET", "/stats?format=json")).path("stats");
    Map<String, Long> values = new TreeMap<>();
    for (JsonNode stat : all) {
      if (stat.path("value").isIntegralNumber()) {
        values.put(stat.path("name").asText(), stat.path("value").asLong());
      }
    }
    return values;
  }

  /** Where the listeners listen, by name. */
  Map<String, InetSocketAddress> listeners() throws IOException, InterruptedException {
    JsonNode page = JSON.readTree(send("GET", "/listeners?format=json"));
    Map<String, InetSocketAddress> addresses = new HashMap<>();
    for (JsonNode listener : page.path("listener_statuses")) {
      JsonNode socket = listener.path("local_address").path("socket_address");
      addresses.put(
          listener.path("name").asText(),
          new InetSocketAddress(
              socket.path("address").asText(), socket.path("port_value").asInt()));
    }
    return addresses;
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
