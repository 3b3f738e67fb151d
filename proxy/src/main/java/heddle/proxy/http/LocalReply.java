package heddle.proxy.http;

import heddle.proxy.http1.HeaderBlock;
import heddle.proxy.upstream.Reset;
import io.netty.handler.codec.http.HttpResponseStatus;
import org.jspecify.annotations.Nullable;

/**
 * An answer of the proxy's own making.
 *
 * @param text body; may be empty
 * @param flag Envoy's response flag, or null
 * @param details Envoy's name for the reason, for {@code %RESPONSE_CODE_DETAILS%}
 * @param close whether no other request may follow on the connection
 * @param headers sent beside those every reply has, or null
 */
record LocalReply(
    int status,
    String text,
    @Nullable String flag,
    String details,
    boolean close,
    @Nullable HeaderBlock headers) {

  static LocalReply of(int status, String details) {
    return new LocalReply(status, "", null, details, false, null);
  }

  static LocalReply of(int status, String text, @Nullable String flag, String details) {
    return new LocalReply(status, text, flag, details, false, null);
  }

  /** The message was not HTTP as it should be: the status text as body, then close. */
  static LocalReply protocolError(int status, String details) {
    String text = HttpResponseStatus.valueOf(status).reasonPhrase();
    return new LocalReply(status, text, "DPE", details, true, null);
  }

  static LocalReply redirect(int status, String location, String details) {
    var headers = new HeaderBlock();
    headers.append(Names.LOCATION, location);
    return new LocalReply(status, "", null, details, false, headers);
  }

  static LocalReply noHealthyUpstream() {
    return of(503, "no healthy upstream", "UH", "no_healthy_upstream");
  }

  static LocalReply upstreamTimeout(String details) {
    return of(504, "upstream request timeout", "UT", details);
  }

  /**
   * An attempt ended without a response.
   *
   * @param retried whether it was not the first attempt
   */
  static LocalReply upstreamFailure(Reset reset, String details, boolean retried) {
    String text =
        "upstream connect error or disconnect/reset before headers. "
            + (retried ? "retried and the latest reset reason: " : "reset reason: ")
            + reset.text();
    HeaderBlock headers = null;
    if (reset == Reset.OVERFLOW) {
      headers = new HeaderBlock();
      headers.append(Names.X_ENVOY_OVERLOADED, Names.TRUE);
    }
    return new LocalReply(reset.status(), text, reset.flag(), details, false, headers);
  }

  /** The same with a location. */
  LocalReply at(String location) {
    var located = new HeaderBlock();
    located.append(Names.LOCATION, location);
    return new LocalReply(status, text, flag, details, close, located);
  }

  LocalReply closing() {
    return new LocalReply(status, text, flag, details, true, headers);
  }
}
