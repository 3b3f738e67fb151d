package heddle.load;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;

/** Answers every request on one connection after the other, until its socket is closed. */
record WarmUpServer(ServerSocket server) implements Runnable {
  private static final byte[] ANSWER =
      "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok".getBytes(StandardCharsets.US_ASCII);

  @Override
  public void run() {
    while (!server.isClosed()) {
      try (var client = server.accept()) {
        var in = new InputStreamReader(client.getInputStream(), StandardCharsets.US_ASCII);
        var lines = new BufferedReader(in);
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
          if (line.isEmpty()) {
            client.getOutputStream().write(ANSWER);
          }
        }
      } catch (IOException e) {
        // The warm-up is over: its socket was closed.
        return;
      }
    }
  }
}
