package heddle.proxy.http;

import heddle.proxy.accesslog.LogFormat;

/** Values of added headers, which may hold access-log operators. */
final class HeaderValues {
  private HeaderValues() {}

  static String evaluate(String value, StreamInfo info) {
    if (value.indexOf('%') < 0) {
      return value;
    }
    String text = LogFormat.text(value).format(info);
    return text.equals("-") ? "" : text;
  }
}
