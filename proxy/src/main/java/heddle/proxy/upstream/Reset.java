package heddle.proxy.upstream;

/** Why an attempt ended without a complete response. Texts and flags are Envoy's. */
public enum Reset {
  LOCAL_CONNECT_FAILURE("local connection failure", "UF", 503),
  REMOTE_CONNECT_FAILURE("remote connection failure", "UF", 503),
  CONNECT_TIMEOUT("connection timeout", "UF", 503),
  CONNECTION_TERMINATION("connection termination", "UC", 503),
  OVERFLOW("overflow", "UO", 503),
  PROTOCOL_ERROR("protocol error", "UPE", 502),
  LOCAL_RESET("local reset", "LR", 503),
  REMOTE_RESET("remote reset", "UR", 503);

  private final String text;
  private final String flag;
  private final int status;

  Reset(String text, String flag, int status) {
    this.text = text;
    this.flag = flag;
    this.status = status;
  }

  /** As in the body of the local reply. */
  public String text() {
    return text;
  }

  /** As in Envoy's response code details. */
  public String underscored() {
    return text.replace(' ', '_');
  }

  /** The response flag. */
  public String flag() {
    return flag;
  }

  /** Status of the local reply. */
  public int status() {
    return status;
  }

  /** Whether no connection was obtained. */
  public boolean isConnectFailure() {
    return this == LOCAL_CONNECT_FAILURE
        || this == REMOTE_CONNECT_FAILURE
        || this == CONNECT_TIMEOUT;
  }
}
