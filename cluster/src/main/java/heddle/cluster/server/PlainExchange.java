package heddle.cluster.server;

import heddle.cluster.object.ApiException;
import io.helidon.http.Header;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Headers;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** An ordinary request, answered through Helidon. */
final class PlainExchange extends HttpExchange {
  private final ServerRequest request;
  private final ServerResponse response;
  private boolean answered;

  PlainExchange(ServerRequest request, ServerResponse response) {
    super(
        request.prologue().method().text(),
        request.prologue().uriPath().rawPath(),
        request.prologue().query().rawValue(),
        lowerCase(request.headers()),
        certificate(request.remotePeer().tlsCertificates()));
    this.request = request;
    this.response = response;
  }

  static Map<String, List<String>> lowerCase(Headers headers) {
    Map<String, List<String>> all = new LinkedHashMap<>();
    for (Header header : headers) {
      all.put(header.name().toLowerCase(Locale.ROOT), header.allValues());
    }
    return all;
  }

  static @Nullable X509Certificate certificate(Optional<Certificate[]> chain) {
    return chain.isPresent()
            && chain.get().length > 0
            && chain.get()[0] instanceof X509Certificate certificate
        ? certificate
        : null;
  }

  @Override
  public InputStream bodyStream() {
    return request.content().hasEntity()
        ? request.content().inputStream()
        : InputStream.nullInputStream();
  }

  @Override
  public void respond(int status, Map<String, List<String>> headers, byte[] body) {
    answered = true;
    response.status(Status.create(status));
    withWarnings(headers)
        .forEach(
            (name, values) ->
                response.header(HeaderValues.create(HeaderNames.create(name), values)));
    response.send(body);
  }

  @Override
  public OutputStream stream(int status, Map<String, List<String>> headers) throws IOException {
    answered = true;
    return response.sink(RawStream.TYPE).begin(status, withWarnings(headers));
  }

  @Override
  boolean answered() {
    return answered;
  }

  @Override
  public boolean upgradable() {
    return false;
  }

  @Override
  public Connection upgrade(Map<String, List<String>> headers) {
    throw ApiException.badRequest("you must request a connection upgrade");
  }
}
