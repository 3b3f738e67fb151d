package heddle.proxy.http;

import heddle.proxy.http1.HeaderBlock;
import heddle.xds.route.Action;
import heddle.xds.route.HeaderEdits;
import heddle.xds.route.HostRoutes;
import heddle.xds.route.RouteEntry;
import heddle.xds.route.RouteTable;
import heddle.xds.route.Selection;
import io.netty.util.AsciiString;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The route of one request. It is chosen once and holds for every attempt, the share of a weighted
 * choice included.
 *
 * @param share the weighted cluster that was drawn; null when the route has no weights
 */
record Routed(
    Routes routes, HostRoutes host, RouteEntry route, Action.@Nullable WeightedCluster share) {

  /** The route that matches, or null. {@code random} is the request's one random number. */
  static @Nullable Routed select(@Nullable Routes routes, Request request, long random) {
    if (routes == null
        || !(routes.table().select(request, random)
            instanceof Selection.Selected(var host, var route))) {
      return null;
    }
    Action.WeightedCluster share =
        route.action() instanceof Action.Forward to
                && to.clusters() instanceof Action.ClusterChoice.Weighted choices
            ? choices.pick(random(choices.randomHeader(), request, random))
            : null;
    return new Routed(routes, host, route, share);
  }

  private static long random(@Nullable String header, Request request, long random) {
    String value = header == null ? null : request.headers().joined(header);
    try {
      return value == null ? random : Long.parseUnsignedLong(value);
    } catch (NumberFormatException notANumber) {
      return random; // Envoy: a bad value falls back to the stream's own random number
    }
  }

  /** Upgrade types that the route itself switches on or off. */
  Map<String, Boolean> upgrades() {
    return route.action() instanceof Action.Forward to ? to.upgrades() : Map.of();
  }

  /** The cluster that the route names for this request, or null when its header is missing. */
  @Nullable String cluster(Action.Forward to, Request request) {
    return switch (to.clusters()) {
      case Action.ClusterChoice.Single(var name) -> name;
      case Action.ClusterChoice.Weighted weighted -> share == null ? null : share.name();
      case Action.ClusterChoice.FromHeader(var header) -> {
        CharSequence value = request.headers().first(AsciiString.cached(header));
        yield value == null ? null : value.toString();
      }
    };
  }

  /** How long the response may take from the end of the request; zero: for ever. */
  static Duration timeout(Action.Forward to, Request request) {
    return request.upgrade() != null || to.maxStreamDuration() != null
        ? Duration.ZERO
        : to.timeout();
  }

  /** Applies the configured changes to the request: headers of every level, path, authority. */
  void editRequest(Action.Forward to, Request request, StreamInfo info) {
    edit(request.headers(), info, true);
    var rewrite = to.path();
    if (rewrite != null) {
      request.rewritePath(Rewrites.path(request.path(), route.path(), rewrite));
    }
    CharSequence authority = authority(to, request);
    if (authority != null && !authority.isEmpty()) {
      request.rewriteHost(authority.toString(), to.appendForwardedHost());
    }
  }

  private @Nullable CharSequence authority(Action.Forward to, Request request) {
    if (share != null && share.hostRewrite() != null) {
      return share.hostRewrite();
    }
    return switch (to.host()) {
      case Action.HostRewrite.Literal(var literal) -> literal;
      case Action.HostRewrite.FromHeader(var header) ->
          request.headers().first(AsciiString.cached(header));
      case Action.HostRewrite.Endpoint() -> null; // per attempt
      case null -> null;
    };
  }

  /** Applies the configured changes to a response's headers. */
  void editResponse(HeaderBlock headers, StreamInfo info) {
    countAttempts(headers, info);
    edit(headers, info, false);
  }

  /** The same for an answer of the proxy's own, which Envoy changes before it counts attempts. */
  void editLocalReply(HeaderBlock headers, StreamInfo info) {
    edit(headers, info, false);
    countAttempts(headers, info);
  }

  private void countAttempts(HeaderBlock headers, StreamInfo info) {
    if (host.attemptCountInResponse() && info.attempts() > 0) {
      headers.put(Names.X_ENVOY_ATTEMPT_COUNT, Integer.toString(info.attempts()));
    }
  }

  private void edit(HeaderBlock headers, StreamInfo info, boolean request) {
    HeaderEdits shareEdits = share == null ? HeaderEdits.NONE : share.edits();
    RouteTable table = routes.table();
    boolean specificLast = table.mostSpecificWins();
    edit(headers, specificLast ? table.edits() : shareEdits, info, request);
    edit(headers, specificLast ? host.edits() : route.edits(), info, request);
    edit(headers, specificLast ? route.edits() : host.edits(), info, request);
    edit(headers, specificLast ? shareEdits : table.edits(), info, request);
  }

  private void edit(HeaderBlock headers, HeaderEdits level, StreamInfo info, boolean request) {
    if (level.isEmpty()) {
      return;
    }
    for (String name : request ? level.requestRemovals() : level.responseRemovals()) {
      headers.drop(AsciiString.cached(name));
    }
    var additions = request ? level.requestAdditions() : level.responseAdditions();
    if (additions.isEmpty()) {
      return;
    }
    // All values and conditions are of the headers as they were; what overwrites is written first.
    var appended = new HeaderBlock();
    var overwriting = new HeaderBlock();
    for (var addition : additions) {
      String value = routes.value(addition, info);
      if (!value.isEmpty() || addition.keepEmpty()) {
        AsciiString name = AsciiString.cached(addition.name());
        boolean there = headers.find(name, 0) >= 0;
        switch (addition.mode()) {
          case APPEND_OR_ADD -> appended.append(name, value);
          case ADD_IF_ABSENT -> {
            if (!there) {
              appended.append(name, value);
            }
          }
          case OVERWRITE_OR_ADD -> overwriting.append(name, value);
          case OVERWRITE_IF_EXISTS -> {
            if (there) {
              overwriting.append(name, value);
            }
          }
        }
      }
    }
    for (int i = 0; i < overwriting.count(); i++) {
      headers.drop(overwriting.name(i));
      headers.append(overwriting.name(i), overwriting.value(i));
    }
    for (int i = 0; i < appended.count(); i++) {
      headers.append(appended.name(i), appended.value(i));
    }
  }
}
