package heddle.resource.appmesh;

import static heddle.resource.schema.Schema.atLeast;
import static heddle.resource.schema.Schema.bool;
import static heddle.resource.schema.Schema.dateTime;
import static heddle.resource.schema.Schema.dictionary;
import static heddle.resource.schema.Schema.integer;
import static heddle.resource.schema.Schema.list;
import static heddle.resource.schema.Schema.object;
import static heddle.resource.schema.Schema.oneOf;
import static heddle.resource.schema.Schema.string;

import heddle.resource.schema.Schema;
import java.util.Arrays;

/** The shapes that several kinds of App Mesh share. */
final class CommonSchemas {

  private CommonSchemas() {}

  static Schema.Obj duration() {
    return object()
        .must("unit", oneOf("s", "ms"), "Seconds or milliseconds.")
        .must("value", atLeast(0), "How many of them; 0 switches the timeout off.");
  }

  static Schema.Int port() {
    return integer(1, 65535);
  }

  static Schema.Obj portMapping(String... protocols) {
    return object()
        .must("port", port(), "Where it listens.")
        .must("protocol", oneOf(protocols), "What is spoken there.");
  }

  static Schema.Obj reference(String description) {
    return object()
        .must("name", string(1, 253), description)
        .may("namespace", string(), "Its namespace; that of the referring object when absent.");
  }

  static Schema.Obj meshRef() {
    return object()
        .must("name", string(), "The mesh that owns this object.")
        .must("uid", string(), "That mesh's UID, so that a new mesh of the name adopts nothing.");
  }

  static Schema.Obj labelSelector() {
    Schema.Obj expression =
        object()
            .must("key", string(1, 317), "The label.")
            .must("operator", oneOf("In", "NotIn", "Exists", "DoesNotExist"), "")
            .may("values", list(string()), "Only for In and NotIn.");
    return object()
        .may("matchExpressions", list(expression), "Requirements that all must hold.")
        .may("matchLabels", dictionary(string()), "Labels that all must be there.");
  }

  static Schema.Obj headerMatchMethod() {
    return object()
        .may("exact", string(1, 255), "The whole value.")
        .may("prefix", string(1, 255), "How the value begins.")
        .may(
            "range",
            object().must("start", integer(), "Included.").must("end", integer(), "Excluded."),
            "A half-open range of integers.")
        .may("regex", string(1, 255), "An RE2 expression for the whole value.")
        .may("suffix", string(1, 255), "How the value ends.");
  }

  static Schema.Arr headers() {
    return list(
        object()
            .must("name", Schema.pattern(1, 50, "^[!-9;-~]+$"), "The header or metadata key.")
            .may("match", headerMatchMethod(), "Presence is enough when absent.")
            .may("invert", bool(), "Whether the match is negated."),
        1,
        10);
  }

  static Schema.Arr queryParameters() {
    return list(
        object()
            .must("name", string(), "The parameter.")
            .may(
                "match",
                object().may("exact", string(), "The whole value."),
                "Presence is enough when absent."),
        1,
        10);
  }

  static Schema.Obj httpPath() {
    return object()
        .may("exact", string(1, 255), "The whole path, without the query.")
        .may("regex", string(1, 255), "An RE2 expression for the whole path.");
  }

  static Schema.Str httpMethod() {
    return oneOf("CONNECT", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT", "TRACE");
  }

  static Schema.Obj httpTimeout() {
    return object()
        .may("perRequest", duration(), "Until the response ended; 15 s when absent.")
        .may("idle", duration(), "Without any byte; 300 s when absent.");
  }

  static Schema.Obj tcpTimeout() {
    return object().may("idle", duration(), "Without any byte; one hour when absent.");
  }

  static Schema.Obj healthCheck(String... protocols) {
    return object()
        .must("healthyThreshold", integer(2, 10), "Successes until healthy.")
        .must("intervalMillis", integer(5000, 300000), "Between two checks.")
        .may("path", string(), "For http and http2.")
        .may("port", port(), "The listener's port when absent.")
        .must("protocol", oneOf(protocols), "How to check.")
        .must("timeoutMillis", integer(2000, 60000), "Until a check fails.")
        .must("unhealthyThreshold", integer(2, 10), "Failures until unhealthy.");
  }

  static Schema.Obj connectionPool(String... protocols) {
    Schema.Obj pool = object();
    for (String protocol : protocols) {
      pool =
          pool.may(
              protocol,
              switch (protocol) {
                case "tcp" -> object().must("maxConnections", atLeast(1), "At the same time.");
                case "http" ->
                    object()
                        .must("maxConnections", atLeast(1), "At the same time.")
                        .may("maxPendingRequests", atLeast(1), "Waiting for a connection.");
                case "http2", "grpc" ->
                    object().must("maxRequests", atLeast(1), "At the same time.");
                default -> throw new IllegalArgumentException(protocol);
              },
              "");
    }
    return pool;
  }

  /**
   * @param sources of {@code acm}, {@code file}, {@code sds}
   */
  static Schema.Obj certificate(String... sources) {
    Schema.Obj certificate = object();
    for (String source : sources) {
      Schema.Obj shape =
          switch (source) {
            case "acm" -> object().must("certificateARN", string(), "");
            case "file" ->
                object()
                    .must("certificateChain", string(1, 255), "A path in the proxy's container.")
                    .must("privateKey", string(1, 255), "A path in the proxy's container.");
            case "sds" -> object().must("secretName", string(1, Integer.MAX_VALUE), "");
            default -> throw new IllegalArgumentException(Arrays.toString(sources));
          };
      certificate = certificate.may(source, shape, "");
    }
    return certificate;
  }

  static Schema.Obj trust(String... sources) {
    Schema.Obj trust = object();
    for (String source : sources) {
      Schema.Obj shape =
          switch (source) {
            case "acm" -> object().must("certificateAuthorityARNs", list(string(), 1, 3), "");
            case "file" ->
                object()
                    .must("certificateChain", string(1, 255), "A path in the proxy's container.");
            case "sds" -> object().must("secretName", string(1, Integer.MAX_VALUE), "");
            default -> throw new IllegalArgumentException(Arrays.toString(sources));
          };
      trust = trust.may(source, shape, "");
    }
    return trust;
  }

  static Schema.Obj validation(String... sources) {
    Schema.Obj names =
        object()
            .must("match", object().must("exact", list(string(1, 254)), "Names to accept."), "");
    return object()
        .may("subjectAlternativeNames", names, "Which certificates are accepted.")
        .must("trust", trust(sources), "Whose certificates are accepted.");
  }

  static Schema.Obj listenerTls(String... trusts) {
    return object()
        .must("certificate", certificate("acm", "file", "sds"), "What the listener shows.")
        .must("mode", oneOf("DISABLED", "PERMISSIVE", "STRICT"), "")
        .may("validation", validation(trusts), "Asks clients for certificates.");
  }

  static Schema.Obj clientPolicy() {
    Schema.Obj tls =
        object()
            .may("certificate", certificate("file", "sds"), "The client's own certificate.")
            .may("enforce", bool(), "True when absent.")
            .may("ports", list(port()), "Every port when absent.")
            .must("validation", validation("acm", "file", "sds"), "");
    return object().may("tls", tls, "");
  }

  static Schema.Obj logging() {
    Schema.Obj json = object().must("key", string(1, 100), "").must("value", string(1, 100), "");
    Schema.Obj format = object().may("json", list(json), "").may("text", string(1, 1000), "");
    Schema.Obj file =
        object().may("format", format, "").must("path", string(1, 255), "Opened by the proxy.");
    return object().may("accessLog", object().may("file", file, ""), "");
  }

  static Schema.Obj status(String arnField) {
    Schema.Obj condition =
        object()
            .may("lastTransitionTime", dateTime(), "")
            .may("message", string(), "")
            .may("reason", string(), "")
            .must("status", string(), "True, False or Unknown.")
            .must("type", string(), "");
    Schema.Obj status = object().may("conditions", list(condition), "");
    if (!arnField.isEmpty()) {
      status = status.may(arnField, string(), "");
    }
    return status.may("observedGeneration", integer(), "");
  }
}
