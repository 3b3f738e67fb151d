package heddle.proxy.accesslog;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A compiled format of Envoy's command operators, for access logs and header values. */
public final class LogFormat {
  /** Envoy's default line. */
  public static final String DEFAULT =
      "[%START_TIME%] \"%REQ(:METHOD)% %REQ(X-ENVOY-ORIGINAL-PATH?:PATH)% %PROTOCOL%\""
          + " %RESPONSE_CODE% %RESPONSE_FLAGS% %BYTES_RECEIVED% %BYTES_SENT% %DURATION%"
          + " %RESP(X-ENVOY-UPSTREAM-SERVICE-TIME)% \"%REQ(X-FORWARDED-FOR)%\""
          + " \"%REQ(USER-AGENT)%\" \"%REQ(X-REQUEST-ID)%\" \"%REQ(:AUTHORITY)%\""
          + " \"%UPSTREAM_HOST%\"\n";

  private static final Pattern OPERATOR =
      Pattern.compile("%(?:%|([A-Z0-9_]+)(?:\\(([^)]*)\\))?(?::(\\d+))?%)");

  private interface Part {
    @Nullable String value(LogRecord record);
  }

  private final Object source;
  private final Function<LogRecord, String> writer;

  private LogFormat(Object source, Function<LogRecord, String> writer) {
    this.source = source;
    this.writer = writer;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof LogFormat that && source.equals(that.source);
  }

  @Override
  public int hashCode() {
    return source.hashCode();
  }

  /**
   * Compiles a text format.
   *
   * @throws IllegalArgumentException naming an operator that is not supported
   */
  public static LogFormat text(String format) {
    List<Part> parts = compile(format);
    return new LogFormat(format, record -> join(parts, record, "-"));
  }

  /**
   * Compiles a header's value: what is missing is left out instead of written as "-".
   *
   * @throws IllegalArgumentException naming an operator that is not supported
   */
  public static LogFormat header(String format) {
    List<Part> parts = compile(format);
    return new LogFormat(format, record -> join(parts, record, ""));
  }

  /**
   * Compiles a JSON format: one object per line, values are formats. A value that is one numeric
   * operator alone is written as a number.
   */
  public static LogFormat json(Map<String, String> fields) {
    var compiled = new LinkedHashMap<String, List<Part>>();
    var numeric = new LinkedHashMap<String, Boolean>();
    fields.forEach(
        (key, format) -> {
          compiled.put(key, compile(format));
          numeric.put(
              key,
              format.matches(
                  "%(RESPONSE_CODE|BYTES_RECEIVED|BYTES_SENT|DURATION|REQUEST_DURATION"
                      + "|RESPONSE_DURATION|UPSTREAM_REQUEST_ATTEMPT_COUNT|CONNECTION_ID)%"));
        });
    return new LogFormat(
        Map.copyOf(fields),
        record -> {
          var line = new StringBuilder("{");
          compiled.forEach(
              (key, parts) -> {
                if (line.length() > 1) {
                  line.append(',');
                }
                quote(line, key).append(':');
                String value = single(parts, record);
                if (value == null) {
                  line.append("null");
                } else if (Boolean.TRUE.equals(numeric.get(key)) && !value.equals("-")) {
                  line.append(value);
                } else {
                  quote(line, value);
                }
              });
          return line.append("}\n").toString();
        });
  }

  private static @Nullable String single(List<Part> parts, LogRecord record) {
    return parts.size() == 1 ? parts.getFirst().value(record) : join(parts, record, "-");
  }

  private static StringBuilder quote(StringBuilder out, String text) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        out.append('\\').append(c);
      } else if (c < 0x20) {
        out.append(String.format("\\u%04x", (int) c));
      } else {
        out.append(c);
      }
    }
    return out.append('"');
  }

  private static String join(List<Part> parts, LogRecord record, String missing) {
    var line = new StringBuilder(256);
    for (Part part : parts) {
      String value = part.value(record);
      line.append(value == null ? missing : value);
    }
    return line.toString();
  }

  /** The line for one record. */
  public String format(LogRecord record) {
    return writer.apply(record);
  }

  private static List<Part> compile(String format) {
    var parts = new ArrayList<Part>();
    Matcher matcher = OPERATOR.matcher(format);
    int at = 0;
    while (at < format.length()) {
      int percent = format.indexOf('%', at);
      if (percent < 0) {
        literal(parts, format.substring(at));
        break;
      }
      if (percent > at) {
        literal(parts, format.substring(at, percent));
      }
      if (!matcher.find(percent) || matcher.start() != percent) {
        throw new IllegalArgumentException(
            "format: no operator at '%s' (expected: %%NAME%%, %%NAME(argument)%%)"
                .formatted(format.substring(percent)));
      }
      parts.add(operator(matcher));
      at = matcher.end();
    }
    return parts;
  }

  private static void literal(List<Part> parts, String text) {
    parts.add(record -> text);
  }

  private static Part operator(Matcher matcher) {
    String name = matcher.group(1);
    if (name == null) {
      return record -> "%";
    }
    String argument = matcher.group(2) == null ? "" : matcher.group(2);
    Part part = operator(name, argument);
    if (matcher.group(3) == null) {
      return part;
    }
    int limit = Integer.parseInt(matcher.group(3));
    return record -> {
      String value = part.value(record);
      return value == null || value.length() <= limit ? value : value.substring(0, limit);
    };
  }

  private static Part operator(String name, String argument) {
    return switch (name) {
      case "START_TIME" -> startTime(argument);
      case "REQ" -> header(argument, LogRecord::requestHeader);
      case "RESP" -> header(argument, LogRecord::responseHeader);
      case "PROTOCOL" -> LogRecord::protocol;
      case "RESPONSE_CODE" -> record -> Integer.toString(record.responseCode());
      case "RESPONSE_CODE_DETAILS" -> LogRecord::responseCodeDetails;
      case "RESPONSE_FLAGS" ->
          record -> record.responseFlags() == null ? "-" : record.responseFlags();
      case "BYTES_RECEIVED" -> record -> Long.toString(record.bytesReceived());
      case "BYTES_SENT" -> record -> Long.toString(record.bytesSent());
      case "DURATION" -> record -> Long.toString(record.durationMillis());
      case "REQUEST_DURATION" -> record -> millis(record.requestMillis());
      case "RESPONSE_DURATION" -> record -> millis(record.responseMillis());
      case "RESPONSE_TX_DURATION" ->
          record ->
              record.responseMillis() < 0
                  ? null
                  : millis(record.durationMillis() - record.responseMillis());
      case "UPSTREAM_REQUEST_ATTEMPT_COUNT" -> record -> Integer.toString(record.attempts());
      case "UPSTREAM_HOST", "UPSTREAM_REMOTE_ADDRESS" -> LogRecord::upstreamHost;
      case "UPSTREAM_CLUSTER" -> LogRecord::upstreamCluster;
      case "UPSTREAM_LOCAL_ADDRESS" -> LogRecord::upstreamLocalAddress;
      case "UPSTREAM_TRANSPORT_FAILURE_REASON" -> LogRecord::upstreamFailure;
      case "CONNECTION_TERMINATION_DETAILS",
          "DOWNSTREAM_PEER_URI_SAN",
          "TRACE_ID",
          "VIRTUAL_CLUSTER_NAME",
          "FILTER_STATE",
          "DYNAMIC_METADATA",
          "TRAILER",
          "GRPC_STATUS" ->
          record -> null;
      case "ROUTE_NAME" -> LogRecord::routeName;
      case "DOWNSTREAM_REMOTE_ADDRESS" -> LogRecord::downstreamRemoteAddress;
      case "DOWNSTREAM_DIRECT_REMOTE_ADDRESS" -> LogRecord::downstreamDirectRemoteAddress;
      case "DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT" ->
          record -> withoutPort(record.downstreamRemoteAddress());
      case "DOWNSTREAM_DIRECT_REMOTE_ADDRESS_WITHOUT_PORT" ->
          record -> withoutPort(record.downstreamDirectRemoteAddress());
      case "DOWNSTREAM_LOCAL_ADDRESS" -> LogRecord::downstreamLocalAddress;
      case "DOWNSTREAM_LOCAL_PORT" ->
          record -> {
            String address = record.downstreamLocalAddress();
            return address.substring(address.lastIndexOf(':') + 1);
          };
      case "REQUESTED_SERVER_NAME" -> LogRecord::serverName;
      case "CONNECTION_ID" -> record -> Long.toString(record.connectionId());
      default ->
          throw new IllegalArgumentException("operator %%%s%% is not supported".formatted(name));
    };
  }

  private static Part startTime(String argument) {
    if (argument.isEmpty()) {
      return new StartTime();
    }
    return switch (argument) {
      case "%s" -> record -> Long.toString(record.startTime().getEpochSecond());
      case "%s.%3f" ->
          record ->
              String.format(
                  Locale.ROOT,
                  "%d.%03d",
                  record.startTime().getEpochSecond(),
                  record.startTime().getNano() / 1_000_000);
      default ->
          throw new IllegalArgumentException(
              "operator %%START_TIME(%s)%% is not supported (expected: %%s or %%s.%%3f)"
                  .formatted(argument));
    };
  }

  /** ISO 8601 in UTC with milliseconds; all but those is made once per second. */
  private static final class StartTime implements Part {
    private static final DateTimeFormatter SECONDS =
        DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.", Locale.ROOT).withZone(ZoneOffset.UTC);

    private record Latest(long second, String text) {}

    private Latest latest = new Latest(Long.MIN_VALUE, "");

    @Override
    public String value(LogRecord record) {
      Instant start = record.startTime();
      Latest seen = latest;
      if (seen.second() != start.getEpochSecond()) {
        seen = new Latest(start.getEpochSecond(), SECONDS.format(start));
        latest = seen;
      }
      int millis = start.getNano() / 1_000_000;
      return seen.text() + millis / 100 + millis / 10 % 10 + millis % 10 + 'Z';
    }
  }

  private static @Nullable String millis(long value) {
    return value < 0 ? null : Long.toString(value);
  }

  private static String withoutPort(String address) {
    String host = address.substring(0, address.lastIndexOf(':'));
    return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
  }

  private interface Headers {
    @Nullable String get(LogRecord record, String name);
  }

  private static Part header(String argument, Headers headers) {
    String lower = argument.toLowerCase(Locale.ROOT);
    int question = lower.indexOf('?');
    if (question < 0) {
      return record -> headers.get(record, lower);
    }
    String first = lower.substring(0, question);
    String second = lower.substring(question + 1);
    return record -> {
      String value = headers.get(record, first);
      return value != null ? value : headers.get(record, second);
    };
  }
}
