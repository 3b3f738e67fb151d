package heddle.proxy.http;

import heddle.proxy.accesslog.LogFormat;

/** Values of added headers, which may hold access-log operators. */
final class HeaderValues {
  private HeaderValues() {}

  static String evaluate(String value, HttpStream stream) {
    if (value.indexOf('%') < 0) {
      return value;
    }
    String text = LogFormat.text(value).format(stream);
    return text.equals("-") ? "" : text;
  }
}
