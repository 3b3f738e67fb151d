package heddle.proxy.http;

import org.jspecify.annotations.Nullable;

/** A limit on the time of a whole request, and what is said when it is over. Source: Envoy. */
enum TimeLimit {
  /** From the end of the request to the end of the response. */
  ROUTE("upstream request timeout", "UT", "response_timeout"),
  /** From the request's first byte to the end of the response. */
  DURATION("downstream duration timeout", null, "max_duration_timeout"),
  /** Since anything moved. */
  IDLE("stream timeout", "SI", "stream_idle_timeout"),
  /** From the request's first byte to its last. */
  REQUEST("request timeout", null, "request_overall_timeout"),
  /** From the request's first byte to the end of its head. */
  HEAD("request header timeout", null, "request_header_timeout");

  private final String text;
  private final @Nullable String flag;
  private final String details;

  TimeLimit(String text, @Nullable String flag, String details) {
    this.text = text;
    this.flag = flag;
    this.details = details;
  }

  @Nullable String flag() {
    return flag;
  }

  String details() {
    return details;
  }

  /**
   * @param status who is to blame: 408 the client, 504 the host
   */
  LocalReply reply(int status) {
    return LocalReply.of(status, text, flag, details);
  }

  void count(HcmStats stats) {
    switch (this) {
      case ROUTE -> {} // the cluster counts it
      case DURATION -> stats.downstreamRqMaxDurationReached.inc();
      case IDLE -> stats.downstreamRqIdleTimeout.inc();
      case REQUEST -> stats.downstreamRqTimeout.inc();
      case HEAD -> stats.downstreamRqHeaderTimeout.inc();
    }
  }

  /** A limit on the time of one attempt. */
  enum OfAttempt {
    /** From the end of the request, on a connection, to the head of the response. */
    TRY,
    /** Since the host last sent something; from the end of the request on. */
    TRY_IDLE,
    /** From the attempt's connection to the end of its response. */
    DURATION
  }
}
