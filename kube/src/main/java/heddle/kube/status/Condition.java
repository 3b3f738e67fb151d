package heddle.kube.status;

/**
 * One observation about an object.
 *
 * @param type {@code VirtualNodeActive}
 * @param reason one CamelCase word
 * @param message a sentence for people; may be empty
 */
public record Condition(String type, boolean holds, String reason, String message) {

  /** Kubernetes' word: {@code True} or {@code False}. */
  public String status() {
    return holds ? "True" : "False";
  }
}
