package heddle.kube;

/**
 * Which objects of a kind.
 *
 * @param namespace empty for all
 * @param labelSelector as kubectl's {@code -l}; empty for all
 * @param fieldSelector as kubectl's {@code --field-selector}; empty for all
 */
public record Scope(String namespace, String labelSelector, String fieldSelector) {

  /** Every object in every namespace. */
  public static Scope everywhere() {
    return new Scope("", "", "");
  }

  /** Every object of a namespace. */
  public static Scope in(String namespace) {
    return new Scope(namespace, "", "");
  }

  /** The same, with those labels only. */
  public Scope labelled(String selector) {
    return new Scope(namespace, selector, fieldSelector);
  }
}
