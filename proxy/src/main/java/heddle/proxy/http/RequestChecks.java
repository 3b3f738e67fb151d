package heddle.proxy.http;

import heddle.proxy.http1.BadCharacterException;
import heddle.proxy.http1.H1;
import heddle.proxy.http1.HeaderBlock;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import org.jspecify.annotations.Nullable;

/**
 * The checks a request passes before it is routed, in the order of Envoy's connection manager:
 * framing, version, target, path. Each gives the reply that refuses the request, or null.
 */
final class RequestChecks {
  private static final HttpMethod QUERY = HttpMethod.valueOf("QUERY");

  private final HcmConfig config;
  private final HcmStats stats;

  RequestChecks(HcmConfig config, HcmStats stats) {
    this.config = config;
    this.stats = stats;
  }

  /** The reply to a message that the decoder gave up on. */
  LocalReply malformed(HttpRequest message) {
    if (!message.protocolVersion().equals(HttpVersion.HTTP_1_1)) {
      return LocalReply.protocolError(426, "low_version");
    }
    return switch (message.decoderResult().cause()) {
      case TooLongFrameException tooLong ->
          LocalReply.protocolError(431, "http1.headers_too_large");
      case BadCharacterException bad -> LocalReply.protocolError(400, "http1.invalid_characters");
      case Throwable other -> {
        LocalReply framing = framing((HeaderBlock) message.headers());
        yield framing != null ? framing : LocalReply.protocolError(400, "http1.codec_error");
      }
    };
  }

  /** Refuses what is not an HTTP/1.1 request that everybody reads in the same way. */
  @Nullable LocalReply badMessage(Request request) {
    HeaderBlock headers = request.headers();
    if (!request.http11()) {
      return LocalReply.protocolError(426, "low_version");
    }
    if (RequestHeaders.nominatesIdentity(headers)) {
      return LocalReply.protocolError(400, "http1.connection_header_rejected");
    }
    boolean connect = request.method().equals(HttpMethod.CONNECT);
    if (connect && !RequestBody.isEmpty(headers) && !H1.chunked(headers)) {
      return LocalReply.protocolError(400, "http1.body_disallowed");
    }
    if (connect && headers.find(H1.TRANSFER_ENCODING, 0) >= 0) {
      return LocalReply.protocolError(501, "http1.invalid_transfer_encoding");
    }
    LocalReply framing = framing(headers);
    return framing != null ? framing : RequestTarget.read(request);
  }

  /** Framing that two parsers might read differently, and sizes. */
  private @Nullable LocalReply framing(HeaderBlock headers) {
    if (headers.count() > config.maxHeaderCount()) {
      return LocalReply.protocolError(431, "http1.too_many_headers");
    }
    int encoding = headers.find(H1.TRANSFER_ENCODING, 0);
    if (encoding >= 0) {
      if (headers.find(H1.TRANSFER_ENCODING, encoding + 1) >= 0
          || !H1.CHUNKED.contentEqualsIgnoreCase(headers.value(encoding))) {
        return LocalReply.protocolError(501, "http1.invalid_transfer_encoding");
      }
      if (headers.find(H1.CONTENT_LENGTH, 0) >= 0) {
        return LocalReply.protocolError(400, "http1.content_length_and_chunked_not_allowed");
      }
    }
    int host = headers.find(Names.HOST, 0);
    if (host >= 0 && headers.find(Names.HOST, host + 1) >= 0) {
      return LocalReply.protocolError(400, "http1.codec_error");
    }
    return null;
  }

  /** Refuses a request that cannot be routed; hop-by-hop headers are gone already. */
  @Nullable LocalReply badTarget(Request request) {
    if (request.method().equals(HttpMethod.CONNECT)) {
      return null;
    }
    if (request.headers().find(Names.HOST, 0) < 0) {
      request.authority("");
      return LocalReply.of(400, "missing_host_header").closing();
    }
    if (request.method().equals(QUERY) && request.headers().find(Names.CONTENT_TYPE, 0) < 0) {
      return LocalReply.of(400, "query_missing_content_type").closing();
    }
    if (!request.path().startsWith("/")) {
      stats.downstreamRqNonRelativePath.inc();
      return LocalReply.of(404, "absolute_path_rejected");
    }
    if (request.path().indexOf('#') >= 0) {
      return notNormalizable();
    }
    if (config.stripAnyHostPort()) {
      String bare = Rewrites.withoutPort(request.authority());
      if (bare.length() != request.authority().length()) {
        request.authority(bare);
        request.headers().put(Names.HOST, bare);
      }
    }
    return normalizePath(request);
  }

  private @Nullable LocalReply normalizePath(Request request) {
    boolean escaped =
        config.escapedSlashes() != HcmConfig.EscapedSlashes.KEEP
            && PathNormalizer.hasEscapedSlash(request.path());
    if (escaped) {
      request.path(PathNormalizer.unescapeSlashes(request.path()));
      if (config.escapedSlashes() == HcmConfig.EscapedSlashes.REJECT) {
        return notNormalizable();
      }
    }
    if (config.normalizePath() || config.mergeSlashes()) {
      String normalized = PathNormalizer.apply(request.path(), config);
      if (normalized == null) {
        return notNormalizable();
      }
      request.path(normalized);
    }
    if (!escaped || config.escapedSlashes() != HcmConfig.EscapedSlashes.UNESCAPE_AND_REDIRECT) {
      return null;
    }
    if (request.grpc()) {
      return notNormalizable();
    }
    stats.downstreamRqRedirectedWithNormalizedPath.inc();
    return LocalReply.redirect(307, request.path(), "path_normalization_failed");
  }

  private LocalReply notNormalizable() {
    stats.downstreamRqFailedPathNormalization.inc();
    return LocalReply.of(400, "path_normalization_failed").closing();
  }
}
