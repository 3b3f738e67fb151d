package heddle.resource.appmesh;

import heddle.manifest.Document;
import heddle.resource.ObjectMeta;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which requests of a gateway go to which service.
 *
 * @param gatewayRef the gateway found at creation; null on files
 * @param priority 0 is matched first, 1000 when absent
 * @param targetPort the service's port; null when it has only one
 */
public record GatewayRoute(
    ObjectMeta meta,
    Document source,
    String awsName,
    @Nullable MeshRef meshRef,
    @Nullable GatewayRef gatewayRef,
    int priority,
    Protocol protocol,
    Match match,
    Reference target,
    @Nullable Integer targetPort,
    Rewrite rewrite)
    implements AppMeshResource {

  /** The gateway that a route was found to belong to. */
  public record GatewayRef(@Nullable String namespace, String name, String uid) {
    static GatewayRef of(Fields fields) {
      return new GatewayRef(fields.nonEmpty("namespace"), fields.text("name"), fields.text("uid"));
    }
  }

  /** A condition on the Host. */
  public sealed interface Hostname {
    record Exact(String name) implements Hostname {}

    record Suffix(String suffix) implements Hostname {}

    static Hostname of(Fields fields) {
      return fields.has("exact")
          ? new Exact(fields.text("exact"))
          : new Suffix(fields.text("suffix"));
    }
  }

  /**
   * Which requests.
   *
   * @param path null for any
   * @param serviceName only for gRPC
   * @param headers or, for gRPC, metadata
   * @param port the gateway's listener; null for any
   */
  public record Match(
      @Nullable PathMatch path,
      @Nullable String serviceName,
      @Nullable Hostname hostname,
      List<HeaderMatch> headers,
      List<QueryMatch> query,
      @Nullable String method,
      @Nullable Integer port) {
    public Match {
      headers = List.copyOf(headers);
      query = List.copyOf(query);
    }

    static Match of(Fields fields) {
      return new Match(
          PathMatch.of(fields),
          fields.nonEmpty("serviceName"),
          fields.objectOrNull("hostname", Hostname::of),
          fields.objects(fields.has("metadata") ? "metadata" : "headers", HeaderMatch::of),
          fields.objects("queryParameters", QueryMatch::of),
          fields.textOrNull("method"),
          fields.wholeOrNull("port"));
    }
  }

  /**
   * What becomes of path and host.
   *
   * @param defaultPrefix whether a matched prefix becomes {@code /}
   * @param prefix what a matched prefix becomes; null when not set
   * @param path what the whole path becomes; null when not set
   * @param hostname whether the Host becomes the target's name
   */
  public record Rewrite(
      boolean defaultPrefix, @Nullable String prefix, @Nullable String path, boolean hostname) {
    static Rewrite of(Fields fields) {
      Fields prefix = Fields.ofNullable(fields.map().mapping("prefix"));
      Fields path = Fields.ofNullable(fields.map().mapping("path"));
      Fields hostname = Fields.ofNullable(fields.map().mapping("hostname"));
      return new Rewrite(
          !"DISABLED".equals(prefix.textOrNull("defaultPrefix")),
          prefix.nonEmpty("value"),
          path.nonEmpty("exact"),
          !"DISABLED".equals(hostname.textOrNull("defaultTargetHostname")));
    }
  }

  /**
   * The member that holds the route: {@code httpRoute}, {@code http2Route} or {@code grpcRoute}.
   */
  public String field() {
    return protocol.word() + "Route";
  }

  static GatewayRoute of(ObjectMeta meta, Document source, Fields spec) {
    for (Protocol protocol : List.of(Protocol.HTTP, Protocol.HTTP2, Protocol.GRPC)) {
      GatewayRoute route =
          spec.objectOrNull(
              protocol.word() + "Route", body -> of(meta, source, spec, protocol, body));
      if (route != null) {
        return route;
      }
    }
    throw new IllegalStateException("a gateway route without a type passed validation");
  }

  private static GatewayRoute of(
      ObjectMeta meta, Document source, Fields spec, Protocol protocol, Fields body) {
    Integer priority = spec.wholeOrNull("priority");
    Fields action = body.object("action", a -> a);
    Fields target = action.object("target", t -> t);
    return new GatewayRoute(
        meta,
        source,
        AwsNames.or(spec, AwsNames.underscored(meta)),
        spec.objectOrNull("meshRef", MeshRef::of),
        spec.objectOrNull("virtualGatewayRef", GatewayRef::of),
        priority == null ? 1000 : priority,
        protocol,
        body.object("match", Match::of),
        target.object("virtualService", service -> Reference.of(service, "virtualService")),
        target.wholeOrNull("port"),
        Rewrite.of(Fields.ofNullable(action.map().mapping("rewrite"))));
  }

  @Override
  public String kind() {
    return "GatewayRoute";
  }
}
