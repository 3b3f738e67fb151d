package heddle.xds.route;

import java.util.List;

/**
 * Header changes of one level (weighted cluster, route, virtual host, route configuration).
 * Removals come before additions.
 */
public record HeaderEdits(
    List<Addition> requestAdditions,
    List<String> requestRemovals,
    List<Addition> responseAdditions,
    List<String> responseRemovals) {

  /** No change. */
  public static final HeaderEdits NONE =
      new HeaderEdits(List.of(), List.of(), List.of(), List.of());

  public HeaderEdits {
    requestAdditions = List.copyOf(requestAdditions);
    requestRemovals = List.copyOf(requestRemovals);
    responseAdditions = List.copyOf(responseAdditions);
    responseRemovals = List.copyOf(responseRemovals);
  }

  /** Whether nothing is changed. */
  public boolean isEmpty() {
    return requestAdditions.isEmpty()
        && requestRemovals.isEmpty()
        && responseAdditions.isEmpty()
        && responseRemovals.isEmpty();
  }

  /**
   * One header written.
   *
   * @param name lower case
   * @param value literal text or access-log operators ({@code %REQ(x)%}); {@code %%} is a percent
   * @param mode what happens when the header is there already
   * @param keepEmpty whether an empty value is written as well
   */
  public record Addition(String name, String value, Mode mode, boolean keepEmpty) {}

  /** Envoy: {@code HeaderValueOption.append_action}. */
  public enum Mode {
    APPEND_OR_ADD,
    ADD_IF_ABSENT,
    OVERWRITE_OR_ADD,
    OVERWRITE_IF_EXISTS
  }
}
