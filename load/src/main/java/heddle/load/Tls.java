package heddle.load;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** TLS for https targets; set up only when there is one. */
final class Tls {
  private final boolean insecure;
  private @Nullable SslContext context;

  Tls(boolean insecure) {
    this.insecure = insecure;
  }

  SslHandler handler(ByteBufAllocator buffers, Endpoint endpoint) {
    try {
      if (context == null) {
        var builder = SslContextBuilder.forClient().sslProvider(SslProvider.JDK);
        if (insecure) {
          builder
              .trustManager(InsecureTrustManagerFactory.INSTANCE)
              .endpointIdentificationAlgorithm(null);
        }
        context = builder.build();
      }
      return context.newHandler(buffers, endpoint.host(), endpoint.port());
    } catch (SSLException e) {
      throw new IllegalStateException("cannot set up TLS: " + e.getMessage(), e);
    }
  }
}
