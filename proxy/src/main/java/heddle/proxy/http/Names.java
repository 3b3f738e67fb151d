package heddle.proxy.http;

import io.netty.util.AsciiString;

/** Header names, lower case. */
final class Names {
  static final AsciiString HOST = AsciiString.cached("host");
  static final AsciiString EXPECT = AsciiString.cached("expect");
  static final AsciiString UPGRADE = AsciiString.cached("upgrade");
  static final AsciiString KEEP_ALIVE = AsciiString.cached("keep-alive");
  static final AsciiString PROXY_CONNECTION = AsciiString.cached("proxy-connection");
  static final AsciiString TE = AsciiString.cached("te");
  static final AsciiString TRAILERS = AsciiString.cached("trailers");
  static final AsciiString SERVER = AsciiString.cached("server");
  static final AsciiString DATE = AsciiString.cached("date");
  static final AsciiString LOCATION = AsciiString.cached("location");
  static final AsciiString CONTENT_TYPE = AsciiString.cached("content-type");
  static final AsciiString TEXT_PLAIN = AsciiString.cached("text/plain");
  static final AsciiString APPLICATION_GRPC = AsciiString.cached("application/grpc");
  static final AsciiString GRPC_STATUS = AsciiString.cached("grpc-status");
  static final AsciiString GRPC_MESSAGE = AsciiString.cached("grpc-message");
  static final AsciiString TRUE = AsciiString.cached("true");
  static final AsciiString HTTP = AsciiString.cached("http");
  static final AsciiString X_REQUEST_ID = AsciiString.cached("x-request-id");
  static final AsciiString X_FORWARDED_FOR = AsciiString.cached("x-forwarded-for");
  static final AsciiString X_FORWARDED_PROTO = AsciiString.cached("x-forwarded-proto");
  static final AsciiString X_FORWARDED_HOST = AsciiString.cached("x-forwarded-host");
  static final AsciiString XFCC = AsciiString.cached("x-forwarded-client-cert");
  static final AsciiString X_ENVOY_ORIGINAL_PATH = AsciiString.cached("x-envoy-original-path");
  static final AsciiString X_ENVOY_ORIGINAL_HOST = AsciiString.cached("x-envoy-original-host");
  static final AsciiString X_ENVOY_ATTEMPT_COUNT = AsciiString.cached("x-envoy-attempt-count");
  static final AsciiString X_ENVOY_EXPECTED_RQ_TIMEOUT_MS =
      AsciiString.cached("x-envoy-expected-rq-timeout-ms");
  static final AsciiString X_ENVOY_UPSTREAM_SERVICE_TIME =
      AsciiString.cached("x-envoy-upstream-service-time");
  static final AsciiString X_ENVOY_RATELIMITED = AsciiString.cached("x-envoy-ratelimited");
  static final AsciiString X_ENVOY_OVERLOADED = AsciiString.cached("x-envoy-overloaded");
  static final AsciiString X_ENVOY_EXTERNAL_ADDRESS =
      AsciiString.cached("x-envoy-external-address");
  static final AsciiString X_ENVOY_INTERNAL = AsciiString.cached("x-envoy-internal");

  private Names() {}
}
