package heddle.resource.appmesh;

import java.util.Locale;

/** What a listener speaks. */
public enum Protocol {
  GRPC,
  HTTP,
  HTTP2,
  TCP;

  /** As App Mesh spells it. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  static Protocol of(String word) {
    return valueOf(word.toUpperCase(Locale.ROOT));
  }

  /** Whether requests, not connections, are routed. */
  public boolean isHttpFamily() {
    return this != TCP;
  }

  /** Whether HTTP/2 is spoken. */
  public boolean isHttp2() {
    return this == GRPC || this == HTTP2;
  }
}
