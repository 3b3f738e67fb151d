package heddle.cluster.node.probe;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP probe. The JDK's client cannot take a socket that was opened in another namespace, and a
 * probe needs no more than the head of an answer.
 */
final class HttpProbe {
  private static final int LONGEST_HEAD = 64 * 1024;
  private static final int MOST_REDIRECTS = 10;

  private final Action.HttpGet get;
  private final Duration timeout;

  HttpProbe(Action.HttpGet get, Duration timeout) {
    this.get = get;
    this.timeout = timeout;
  }

  /** Opens a connection to the container. */
  interface Dialer {
    SocketChannel dial() throws IOException;
  }

  private record Answer(int status, @Nullable String location) {}

  ProbeResult run(Dialer dialer) throws IOException {
    String path = get.path().startsWith("/") ? get.path() : "/" + get.path();
    for (int redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
      Answer answer = ask(dialer, path);
      String location = answer.location();
      if (answer.status() < 300 || answer.status() >= 400 || location == null) {
        return answer.status() >= 200 && answer.status() < 400
            ? ProbeResult.SUCCESS
            : ProbeResult.failure("HTTP probe failed with statuscode: " + answer.status());
      }
      URI target = URI.create(url(get, "pod")).resolve(location);
      // A kubelet does not follow to other hosts and takes the redirect itself for health.
      if (!target.getHost().equals(URI.create(url(get, "pod")).getHost())) {
        return ProbeResult.SUCCESS;
      }
      path = target.getRawPath() + (target.getRawQuery() == null ? "" : "?" + target.getRawQuery());
    }
    return ProbeResult.failure("stopped after " + MOST_REDIRECTS + " redirects");
  }

  private Answer ask(Dialer dialer, String path) throws IOException {
    try (SocketChannel channel = dialer.dial()) {
      Socket socket = channel.socket();
      socket.setSoTimeout(Math.toIntExact(timeout.toMillis()));
      if (get.scheme().equalsIgnoreCase("HTTPS")) {
        socket = secure(socket);
      }
      OutputStream output = socket.getOutputStream();
      output.write(request(path).getBytes(StandardCharsets.ISO_8859_1));
      output.flush();
      return read(socket.getInputStream());
    }
  }

  private String request(String path) {
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("Host", (get.host().isEmpty() ? "localhost" : get.host()) + ":" + get.port());
    headers.put("User-Agent", "kube-probe/1.33");
    headers.put("Accept", "*/*");
    headers.put("Connection", "close");
    get.headers()
        .forEach(
            (name, value) -> {
              headers.keySet().removeIf(name::equalsIgnoreCase);
              headers.put(name, value);
            });
    StringBuilder text = new StringBuilder("GET ").append(path).append(" HTTP/1.1\r\n");
    headers.forEach((name, value) -> text.append(name).append(": ").append(value).append("\r\n"));
    return text.append("\r\n").toString();
  }

  private static Answer read(InputStream input) throws IOException {
    String status = line(input);
    String[] words = status.split(" ", 3);
    if (words.length < 2 || !words[0].startsWith("HTTP/1.") || !words[1].matches("\\d{3}")) {
      throw new IOException(
          "malformed HTTP response \"" + status.substring(0, Math.min(80, status.length())) + "\"");
    }
    String location = null;
    String header = line(input);
    while (!header.isEmpty()) {
      int colon = header.indexOf(':');
      if (colon > 0 && header.substring(0, colon).toLowerCase(Locale.ROOT).equals("location")) {
        location = header.substring(colon + 1).strip();
      }
      header = line(input);
    }
    return new Answer(Integer.parseInt(words[1]), location);
  }

  private static String line(InputStream input) throws IOException {
    StringBuilder line = new StringBuilder();
    int next = input.read();
    while (next >= 0 && next != '\n' && line.length() < LONGEST_HEAD) {
      line.append((char) next);
      next = input.read();
    }
    if (next < 0 && line.isEmpty()) {
      throw new IOException("EOF");
    }
    return line.toString().stripTrailing();
  }

  private Socket secure(Socket socket) throws IOException {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, new TrustManager[] {new TrustEveryone()}, null);
      SSLSocket secured =
          (SSLSocket) context.getSocketFactory().createSocket(socket, "pod", get.port(), true);
      secured.startHandshake();
      return secured;
    } catch (GeneralSecurityException e) {
      throw new IOException("cannot set up TLS for a probe", e);
    }
  }

  static String url(Action.HttpGet get, String pod) {
    return get.scheme().toLowerCase(Locale.ROOT)
        + "://"
        + (get.host().isEmpty() ? pod : get.host())
        + ":"
        + get.port()
        + (get.path().startsWith("/") ? get.path() : "/" + get.path());
  }

  /** Kubernetes does not verify the certificates of probed containers. */
  private static final class TrustEveryone implements X509TrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
