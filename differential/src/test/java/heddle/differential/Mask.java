package heddle.differential;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Replaces what differs from run to run by names: ports, ids, dates, durations. */
final class Mask {
  private static final Pattern UUID =
      Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");
  private static final Pattern ADDRESS = Pattern.compile("127\\.0\\.0\\.1[:_](\\d+)");

  private final Map<String, String> names = new HashMap<>();

  void name(int port, String name) {
    names.put(Integer.toString(port), name);
  }

  String text(String text) {
    String masked = UUID.matcher(text).replaceAll("<uuid>");
    Matcher address = ADDRESS.matcher(masked);
    return address.replaceAll(
        found -> Matcher.quoteReplacement("<" + names.getOrDefault(found.group(1), "port") + ">"));
  }

  /** A statistic's name, with listeners by name. */
  String stat(String name) {
    Matcher address = ADDRESS.matcher(name);
    return address.replaceAll(found -> names.getOrDefault(found.group(1), "port"));
  }

  /**
   * Headers, masked.
   *
   * @param firstAttempt whether the remaining time is a configured one
   */
  List<Message.Header> headers(List<Message.Header> headers, boolean firstAttempt) {
    return headers.stream()
        .map(
            header ->
                switch (header.name()) {
                  case "date", "x-envoy-upstream-service-time" ->
                      new Message.Header(header.name(), "<time>");
                  case "x-envoy-expected-rq-timeout-ms" ->
                      firstAttempt ? header : new Message.Header(header.name(), "<rest>");
                  default -> new Message.Header(header.name(), text(header.value()));
                })
        .toList();
  }
}
