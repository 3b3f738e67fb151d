package heddle.cluster.node.volume;

/**
 * A pod asks for something that does not exist (yet) or that Heddle does not do: a container's
 * {@code CreateContainerConfigError} or a pod's {@code FailedMount}. It is tried again.
 */
public final class ConfigurationException extends Exception {
  private static final long serialVersionUID = 1L;

  public ConfigurationException(String message) {
    super(message);
  }
}
