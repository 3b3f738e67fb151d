package heddle.cluster.server;

import io.helidon.common.GenericType;
import io.helidon.common.media.type.MediaType;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.helidon.webserver.http.spi.Sink;
import io.helidon.webserver.http.spi.SinkProvider;
import io.helidon.webserver.http.spi.SinkProviderContext;
import java.util.function.BiConsumer;

/** Lets Helidon hand out {@link RawStream}s; found by the service loader. */
public final class RawStreamProvider implements SinkProvider<byte[]> {

  @Override
  public boolean supports(GenericType<? extends Sink<?>> type, ServerRequest request) {
    return type == RawStream.TYPE;
  }

  @Override
  @SuppressWarnings("unchecked")
  public <X extends Sink<byte[]>> X create(SinkProviderContext context) {
    return (X) new RawStream(context.connectionContext().dataWriter(), context.closeRunnable());
  }

  @Override
  public <X extends Sink<byte[]>> X create(
      ServerResponse response, BiConsumer<Object, MediaType> consumer, Runnable close) {
    throw new UnsupportedOperationException("needs the connection: use the other create");
  }
}
