package heddle.xds.route;

import com.google.re2j.Pattern;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What happens to a request that a route matched. */
public sealed interface Action {

  /**
   * It goes to a cluster.
   *
   * @param clusters which one
   * @param path rewrite of the path, or null
   * @param host rewrite of the authority, or null
   * @param appendForwardedHost whether the authority before a rewrite joins {@code
   *     x-forwarded-host}
   * @param timeout from the end of the request to the end of the response; zero: none
   * @param idleTimeout replaces the connection manager's stream idle timeout; zero: none; null: the
   *     connection manager's
   * @param maxStreamDuration from the first byte of the request to the end of the response; zero:
   *     none; null: the connection manager's. Not null, it also switches {@code timeout} off
   * @param retry the route's policy, else the virtual host's, else null
   * @param upgrades upgrade types this route switches on or off, lower case
   * @param clusterNotFoundStatus status when the cluster is unknown
   */
  record Forward(
      ClusterChoice clusters,
      @Nullable PathRewrite path,
      @Nullable HostRewrite host,
      boolean appendForwardedHost,
      Duration timeout,
      @Nullable Duration idleTimeout,
      @Nullable Duration maxStreamDuration,
      @Nullable RetryRule retry,
      Map<String, Boolean> upgrades,
      int clusterNotFoundStatus)
      implements Action {
    public Forward {
      upgrades = Map.copyOf(upgrades);
    }
  }

  /** The client is sent elsewhere. Null parts keep the request's own; port 0 likewise. */
  record Redirect(
      @Nullable String scheme,
      @Nullable String host,
      int port,
      @Nullable String path,
      @Nullable PathRewrite rewrite,
      boolean stripQuery,
      int status)
      implements Action {}

  /** The proxy answers by itself. */
  record Respond(int status, String body) implements Action {}

  /** How the cluster is chosen. */
  sealed interface ClusterChoice {
    /** Always the same. */
    record Single(String name) implements ClusterChoice {}

    /** Named by a request header. */
    record FromHeader(String header) implements ClusterChoice {}

    /** By weight; clusters occupy consecutive intervals in list order. */
    record Weighted(List<WeightedCluster> clusters, long total, @Nullable String randomHeader)
        implements ClusterChoice {
      public Weighted {
        clusters = List.copyOf(clusters);
      }

      /** The cluster for a random number (unsigned). */
      public WeightedCluster pick(long random) {
        long point = Long.remainderUnsigned(random, total);
        for (var cluster : clusters) {
          point -= cluster.weight();
          if (point < 0) {
            return cluster;
          }
        }
        throw new IllegalStateException("weights of " + clusters + " do not sum to " + total);
      }
    }
  }

  /** One share of the traffic. */
  record WeightedCluster(
      String name, long weight, HeaderEdits edits, @Nullable String hostRewrite) {}

  /** How the path changes; the query is kept. */
  sealed interface PathRewrite {
    /** Swaps the matched prefix (for exact and regex routes: the whole path). */
    record Prefix(String replacement) implements PathRewrite {}

    /** Replaces every match; {@code \N} names groups. */
    record Regex(Pattern pattern, String substitution) implements PathRewrite {}
  }

  /** How the authority changes. */
  sealed interface HostRewrite {
    record Literal(String host) implements HostRewrite {}

    /** To a header's value; unchanged when absent or empty. */
    record FromHeader(String header) implements HostRewrite {}

    /** To the chosen endpoint's host name, per attempt. */
    record Endpoint() implements HostRewrite {}
  }
}
