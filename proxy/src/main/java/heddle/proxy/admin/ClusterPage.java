package heddle.proxy.admin;

import heddle.proxy.upstream.Cluster;
import heddle.proxy.upstream.Clusters;
import heddle.proxy.upstream.Host;
import java.util.ArrayList;

/** Envoy's {@code /clusters}. */
final class ClusterPage {
  private ClusterPage() {}

  static String text(Clusters clusters) {
    var out = new StringBuilder();
    for (Cluster cluster : clusters.all()) {
      String name = cluster.config().name();
      var limits = cluster.config().limits();
      line(out, name, "observability_name", name);
      line(out, name, "default_priority::max_connections", limits.connections());
      line(out, name, "default_priority::max_pending_requests", limits.pending());
      line(out, name, "default_priority::max_requests", limits.requests());
      line(out, name, "default_priority::max_retries", limits.retries());
      line(out, name, "added_via_api", true);
      for (Host host : cluster.hosts()) {
        host(out, name + "::" + host.label(), host);
      }
    }
    return out.toString();
  }

  private static void line(StringBuilder out, String subject, String field, Object value) {
    out.append(subject).append("::").append(field).append("::").append(value).append('\n');
  }

  private static void host(StringBuilder out, String subject, Host host) {
    Host.Counts counts = host.counts();
    line(out, subject, "cx_active", counts.cxActive());
    line(out, subject, "cx_connect_fail", counts.cxConnectFail());
    line(out, subject, "cx_total", counts.cxTotal());
    line(out, subject, "rq_active", counts.rqActive());
    line(out, subject, "rq_error", counts.rqError());
    line(out, subject, "rq_success", counts.rqSuccess());
    line(out, subject, "rq_timeout", counts.rqTimeout());
    line(out, subject, "rq_total", counts.rqTotal());
    line(out, subject, "hostname", host.endpoint().hostname());
    line(out, subject, "health_flags", host.healthFlags());
    line(out, subject, "weight", host.endpoint().weight());
    line(out, subject, "region", "");
    line(out, subject, "zone", host.endpoint().zone());
    line(out, subject, "sub_zone", "");
    line(out, subject, "canary", false);
    line(out, subject, "priority", host.endpoint().priority());
    line(out, subject, "success_rate", host.successRate());
    line(out, subject, "local_origin_success_rate", -1);
  }

  static String json(Clusters clusters) {
    var all = new ArrayList<String>();
    for (Cluster cluster : clusters.all()) {
      var hosts = new ArrayList<String>();
      for (Host host : cluster.hosts()) {
        hosts.add(
            """
            {"address":{"socket_address":{"address":"%s","port_value":%d}},"health_status":{"failed_outlier_check":%s},"weight":%d,"hostname":"%s"}"""
                .formatted(
                    host.address().getAddress().getHostAddress(),
                    host.address().getPort(),
                    host.ejected(),
                    host.endpoint().weight(),
                    host.endpoint().hostname()));
      }
      all.add(
          "{\"name\":\"%s\",\"added_via_api\":true,\"host_statuses\":[%s]}"
              .formatted(cluster.config().name(), String.join(",", hosts)));
    }
    return "{\"cluster_statuses\":[" + String.join(",", all) + "]}";
  }
}
