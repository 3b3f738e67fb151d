package heddle.proxy.http;

import heddle.proxy.accesslog.LogFormat;
import heddle.xds.route.Action;
import heddle.xds.route.HeaderEdits;
import heddle.xds.route.RouteConfigException;
import heddle.xds.route.RouteTable;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * A route table, and the header values in it that hold operators ({@code %REQ(x)%}), compiled.
 * Immutable.
 */
public final class Routes {
  private final RouteTable table;
  private final Map<HeaderEdits.Addition, LogFormat> formats = new IdentityHashMap<>();

  /**
   * Compiles the header values of a table.
   *
   * @throws RouteConfigException naming every value with an operator that is not supported
   */
  public Routes(RouteTable table) {
    this.table = table;
    var problems = new ArrayList<String>();
    compile(table.name(), table.edits(), problems);
    for (var host : table.hosts()) {
      String atHost = table.name() + ": virtual host " + host.name();
      compile(atHost, host.edits(), problems);
      for (var route : host.routes()) {
        String atRoute = atHost + " route " + (route.name().isEmpty() ? "?" : route.name());
        compile(atRoute, route.edits(), problems);
        if (route.action() instanceof Action.Forward to
            && to.clusters() instanceof Action.ClusterChoice.Weighted(var shares, var t, var h)) {
          shares.forEach(
              share -> compile(atRoute + " cluster " + share.name(), share.edits(), problems));
        }
      }
    }
    if (!problems.isEmpty()) {
      throw new RouteConfigException(problems);
    }
  }

  private void compile(String where, HeaderEdits edits, List<String> problems) {
    compile(where + " request_headers_to_add ", edits.requestAdditions(), problems);
    compile(where + " response_headers_to_add ", edits.responseAdditions(), problems);
  }

  private void compile(String where, List<HeaderEdits.Addition> additions, List<String> problems) {
    for (var addition : additions) {
      if (addition.value().indexOf('%') >= 0) {
        try {
          formats.put(addition, LogFormat.header(addition.value()));
        } catch (IllegalArgumentException e) {
          problems.add(where + addition.name() + ": " + e.getMessage());
        }
      }
    }
  }

  RouteTable table() {
    return table;
  }

  /** The name of the route configuration. */
  public String name() {
    return table.name();
  }

  /** The value to write for one request; empty when all of its operators have none. */
  String value(HeaderEdits.Addition addition, StreamInfo info) {
    LogFormat format = formats.get(addition);
    return format == null ? addition.value() : format.format(info);
  }
}
