package heddle.xds.ads;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;

/** Puts the token of {@code authorization: Bearer …} where the service finds it. */
final class BearerToken implements ServerInterceptor {
  static final Context.Key<String> KEY = Context.key("heddle-bearer-token");
  static final Metadata.Key<String> AUTHORIZATION =
      Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);
  static final String SCHEME = "Bearer ";

  @Override
  public <Q, P> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, P> call, Metadata headers, ServerCallHandler<Q, P> next) {
    String value = headers.get(AUTHORIZATION);
    if (value == null || !value.startsWith(SCHEME)) {
      return next.startCall(call, headers);
    }
    Context context = Context.current().withValue(KEY, value.substring(SCHEME.length()).strip());
    return Contexts.interceptCall(context, call, headers, next);
  }
}
