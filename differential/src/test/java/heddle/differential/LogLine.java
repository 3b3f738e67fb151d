package heddle.differential;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeSet;

/** An access log line of the format that every scenario's listener has. */
record LogLine(String client, Map<String, String> fields) {
  private static final String MARK = "LOG ";

  static final String FORMAT =
      MARK
          + "%DOWNSTREAM_DIRECT_REMOTE_ADDRESS%\tremote=%DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT%"
          + "\tmethod=%REQ(:METHOD)%"
          + "\tpath=%REQ(X-ENVOY-ORIGINAL-PATH?:PATH)%\tprotocol=%PROTOCOL%"
          + "\tcode=%RESPONSE_CODE%\tflags=%RESPONSE_FLAGS%\tdetails=%RESPONSE_CODE_DETAILS%"
          + "\treceived=%BYTES_RECEIVED%\tsent=%BYTES_SENT%\thost=%UPSTREAM_HOST%"
          + "\tcluster=%UPSTREAM_CLUSTER%\tattempts=%UPSTREAM_REQUEST_ATTEMPT_COUNT%"
          + "\troute=%ROUTE_NAME%\tauthority=%REQ(:AUTHORITY)%\txff=%REQ(X-FORWARDED-FOR)%"
          + "\tagent=%REQ(USER-AGENT)%\tfailure=%UPSTREAM_TRANSPORT_FAILURE_REASON%"
          + "\ttermination=%CONNECTION_TERMINATION_DETAILS%\n";

  static boolean is(String line) {
    return line.startsWith(MARK);
  }

  static LogLine read(String line) {
    String[] parts = line.strip().substring(MARK.length()).split("\t");
    Map<String, String> fields = new LinkedHashMap<>();
    for (int i = 1; i < parts.length; i++) {
      int equals = parts[i].indexOf('=');
      fields.put(parts[i].substring(0, equals), parts[i].substring(equals + 1));
    }
    fields.computeIfPresent(
        "flags", (k, flags) -> String.join(",", new TreeSet<>(Arrays.asList(flags.split(",")))));
    return new LogLine(parts[0], fields);
  }

  String field(String name) {
    return fields.getOrDefault(name, "-");
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    fields.forEach(
        (key, value) -> text.append(text.isEmpty() ? "" : " ").append(key + "=" + value));
    return text.toString();
  }
}
