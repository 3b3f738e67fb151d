package heddle.proxy.http;

import heddle.proxy.http1.KnownNames;
import io.netty.util.AsciiString;

/** Header names, lower case. */
final class Names {
  static final AsciiString HOST = KnownNames.named("host");
  static final AsciiString EXPECT = KnownNames.named("expect");
  static final AsciiString UPGRADE = KnownNames.named("upgrade");
  static final AsciiString KEEP_ALIVE = KnownNames.named("keep-alive");
  static final AsciiString REFERER = KnownNames.named("referer");
  static final AsciiString TE = KnownNames.named("te");
  static final AsciiString TRAILERS = AsciiString.cached("trailers");
  static final AsciiString SERVER = KnownNames.named("server");
  static final AsciiString DATE = KnownNames.named("date");
  static final AsciiString LOCATION = KnownNames.named("location");
  static final AsciiString CONTENT_TYPE = KnownNames.named("content-type");
  static final AsciiString TEXT_PLAIN = AsciiString.cached("text/plain");
  static final AsciiString APPLICATION_GRPC = AsciiString.cached("application/grpc");
  static final AsciiString GRPC_STATUS = KnownNames.named("grpc-status");
  static final AsciiString GRPC_MESSAGE = KnownNames.named("grpc-message");
  static final AsciiString TRUE = AsciiString.cached("true");
  static final AsciiString HTTP = AsciiString.cached("http");
  static final AsciiString X_REQUEST_ID = KnownNames.named("x-request-id");
  static final AsciiString X_FORWARDED_FOR = KnownNames.named("x-forwarded-for");
  static final AsciiString X_FORWARDED_PROTO = KnownNames.named("x-forwarded-proto");
  static final AsciiString X_FORWARDED_HOST = KnownNames.named("x-forwarded-host");
  static final AsciiString XFCC = KnownNames.named("x-forwarded-client-cert");
  static final AsciiString X_ENVOY_ORIGINAL_PATH = KnownNames.named("x-envoy-original-path");
  static final AsciiString X_ENVOY_ORIGINAL_HOST = KnownNames.named("x-envoy-original-host");
  static final AsciiString X_ENVOY_ATTEMPT_COUNT = KnownNames.named("x-envoy-attempt-count");
  static final AsciiString X_ENVOY_EXPECTED_RQ_TIMEOUT_MS =
      KnownNames.named("x-envoy-expected-rq-timeout-ms");
  static final AsciiString X_ENVOY_UPSTREAM_SERVICE_TIME =
      KnownNames.named("x-envoy-upstream-service-time");
  static final AsciiString X_ENVOY_RATELIMITED = KnownNames.named("x-envoy-ratelimited");
  static final AsciiString X_ENVOY_OVERLOADED = KnownNames.named("x-envoy-overloaded");
  static final AsciiString X_ENVOY_EXTERNAL_ADDRESS = KnownNames.named("x-envoy-external-address");
  static final AsciiString X_ENVOY_INTERNAL = AsciiString.cached("x-envoy-internal");

  private Names() {}
}
