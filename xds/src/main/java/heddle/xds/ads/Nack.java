package heddle.xds.ads;

import heddle.xds.ResourceType;
import java.util.List;

/**
 * A node refused a response.
 *
 * @param nodeId the node's {@code node.id}
 * @param snapshotKey which snapshot it was being served
 * @param resources names of the resources that were new in the refused response; only those that
 *     the message mentions, if it mentions any
 * @param message the node's own words
 */
public record Nack(
    String nodeId, String snapshotKey, ResourceType type, List<String> resources, String message) {
  public Nack {
    resources = List.copyOf(resources);
  }

  /**
   * A refusal of an offer.
   *
   * @param offered the resources that were offered; those that the message names are the refused
   */
  static Nack of(
      String nodeId, String snapshotKey, ResourceType type, List<String> offered, String message) {
    List<String> mentioned = offered.stream().filter(name -> mentions(message, name)).toList();
    return new Nack(nodeId, snapshotKey, type, mentioned.isEmpty() ? offered : mentioned, message);
  }

  /** Whether a text has a name in it that is not part of a longer one. */
  private static boolean mentions(String text, String name) {
    for (int at = text.indexOf(name); at >= 0; at = text.indexOf(name, at + 1)) {
      int end = at + name.length();
      if ((at == 0 || !continuesName(text.charAt(at - 1)))
          && (end == text.length() || !continuesName(text.charAt(end)))) {
        return true;
      }
    }
    return false;
  }

  private static boolean continuesName(char c) {
    return Character.isLetterOrDigit(c) || c == '_' || c == '-';
  }
}
