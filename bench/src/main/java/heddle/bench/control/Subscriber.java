package heddle.bench.control;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import heddle.xds.ResourceType;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.envoyproxy.envoy.config.listener.v3.Filter;
import io.envoyproxy.envoy.config.listener.v3.FilterChain;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.envoyproxy.envoy.service.discovery.v3.AggregatedDiscoveryServiceGrpc;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryResponse;
import io.envoyproxy.envoy.service.discovery.v3.Resource;
import io.grpc.Channel;
import io.grpc.stub.StreamObserver;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * What a data plane does on an ADS stream, and nothing else: it asks for all clusters and
 * listeners, for the endpoints and routes that they name, and accepts whatever comes.
 */
abstract sealed class Subscriber {
  private final Map<ResourceType, Set<String>> names = new EnumMap<>(ResourceType.class);
  private final BiConsumer<ResourceType, List<Any>> heard;

  /** The dialects of the protocol. */
  enum Protocol {
    SOTW,
    DELTA
  }

  /**
   * Begins a stream.
   *
   * @param heard told of every response after it was acknowledged
   * @param lost told when the stream ends
   */
  static Subscriber start(
      Protocol protocol,
      Channel channel,
      String node,
      BiConsumer<ResourceType, List<Any>> heard,
      Consumer<Throwable> lost) {
    Node self = Node.newBuilder().setId(node).build();
    Subscriber subscriber =
        switch (protocol) {
          case SOTW -> new Sotw(channel, self, heard, lost);
          case DELTA -> new Delta(channel, self, heard, lost);
        };
    subscriber.ask(ResourceType.CLUSTER, Set.of());
    return subscriber;
  }

  private Subscriber(BiConsumer<ResourceType, List<Any>> heard) {
    this.heard = heard;
  }

  /** Asks for names of a type for the first time, or for other ones. */
  abstract void ask(ResourceType type, Set<String> wanted);

  /** Whether everything that was asked for once has been answered. */
  final boolean complete() {
    return names.containsKey(ResourceType.ROUTES);
  }

  final Set<String> names(ResourceType type) {
    return names.getOrDefault(type, Set.of());
  }

  /** Takes an acknowledged response in; asks for what follows from it. */
  final void take(ResourceType type, List<Any> resources) {
    try {
      switch (type) {
        case CLUSTER -> follow(ResourceType.ENDPOINTS, endpointsOf(resources));
        case LISTENER -> follow(ResourceType.ROUTES, routesOf(resources));
        case ENDPOINTS -> {
          if (!names.containsKey(ResourceType.LISTENER)) {
            names.put(ResourceType.LISTENER, Set.of());
            ask(ResourceType.LISTENER, Set.of());
          }
        }
        case ROUTES, SECRET -> {}
      }
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("the server sent what cannot be read", e);
    }
    heard.accept(type, resources);
  }

  private void follow(ResourceType type, Set<String> wanted) {
    Set<String> all = new TreeSet<>(names(type));
    if (all.addAll(wanted)) {
      names.put(type, all);
      ask(type, all);
    }
  }

  private static Set<String> endpointsOf(List<Any> clusters) throws InvalidProtocolBufferException {
    Set<String> wanted = new TreeSet<>();
    for (Any any : clusters) {
      Cluster cluster = any.unpack(Cluster.class);
      if (cluster.getType() == Cluster.DiscoveryType.EDS) {
        wanted.add(cluster.getName());
      }
    }
    return wanted;
  }

  private static Set<String> routesOf(List<Any> listeners) throws InvalidProtocolBufferException {
    Set<String> wanted = new TreeSet<>();
    for (Any any : listeners) {
      for (FilterChain chain : any.unpack(Listener.class).getFilterChainsList()) {
        for (Filter filter : chain.getFiltersList()) {
          if (filter.getTypedConfig().is(HttpConnectionManager.class)) {
            var manager = filter.getTypedConfig().unpack(HttpConnectionManager.class);
            wanted.add(manager.getRds().getRouteConfigName());
          }
        }
      }
    }
    return wanted;
  }

  /** Feeds a stream's events on. */
  private record Inbox<R>(Consumer<R> next, Consumer<Throwable> lost) implements StreamObserver<R> {
    @Override
    public void onNext(R response) {
      try {
        next.accept(response);
      } catch (RuntimeException e) {
        lost.accept(e);
      }
    }

    @Override
    public void onError(Throwable problem) {
      lost.accept(problem);
    }

    @Override
    public void onCompleted() {
      lost.accept(new IllegalStateException("the server ended a stream"));
    }
  }

  /** State of the world. */
  private static final class Sotw extends Subscriber {
    private final Node self;
    private final StreamObserver<DiscoveryRequest> requests;
    private final Map<ResourceType, DiscoveryResponse> latest = new EnumMap<>(ResourceType.class);

    Sotw(
        Channel channel,
        Node self,
        BiConsumer<ResourceType, List<Any>> heard,
        Consumer<Throwable> lost) {
      super(heard);
      this.self = self;
      this.requests =
          AggregatedDiscoveryServiceGrpc.newStub(channel)
              .streamAggregatedResources(new Inbox<>(this::answered, lost));
    }

    @Override
    void ask(ResourceType type, Set<String> wanted) {
      DiscoveryRequest.Builder request =
          DiscoveryRequest.newBuilder()
              .setNode(self)
              .setTypeUrl(type.typeUrl())
              .addAllResourceNames(wanted);
      DiscoveryResponse answered = latest.get(type);
      if (answered != null) {
        request.setVersionInfo(answered.getVersionInfo()).setResponseNonce(answered.getNonce());
      }
      requests.onNext(request.build());
    }

    private void answered(DiscoveryResponse response) {
      ResourceType type = ResourceType.ofTypeUrl(response.getTypeUrl()).orElseThrow();
      latest.put(
          type,
          DiscoveryResponse.newBuilder()
              .setVersionInfo(response.getVersionInfo())
              .setNonce(response.getNonce())
              .build());
      ask(type, names(type));
      take(type, response.getResourcesList());
    }
  }

  /** Incremental. */
  private static final class Delta extends Subscriber {
    private final Node self;
    private final StreamObserver<DeltaDiscoveryRequest> requests;
    private final Map<ResourceType, Set<String>> asked = new EnumMap<>(ResourceType.class);

    Delta(
        Channel channel,
        Node self,
        BiConsumer<ResourceType, List<Any>> heard,
        Consumer<Throwable> lost) {
      super(heard);
      this.self = self;
      this.requests =
          AggregatedDiscoveryServiceGrpc.newStub(channel)
              .deltaAggregatedResources(new Inbox<>(this::answered, lost));
    }

    @Override
    void ask(ResourceType type, Set<String> wanted) {
      Set<String> more = new TreeSet<>(wanted);
      more.removeAll(asked.getOrDefault(type, Set.of()));
      asked.put(type, wanted);
      requests.onNext(
          DeltaDiscoveryRequest.newBuilder()
              .setNode(self)
              .setTypeUrl(type.typeUrl())
              .addAllResourceNamesSubscribe(more)
              .build());
    }

    private void answered(DeltaDiscoveryResponse response) {
      ResourceType type = ResourceType.ofTypeUrl(response.getTypeUrl()).orElseThrow();
      requests.onNext(
          DeltaDiscoveryRequest.newBuilder()
              .setTypeUrl(type.typeUrl())
              .setResponseNonce(response.getNonce())
              .build());
      take(type, response.getResourcesList().stream().map(Resource::getResource).toList());
    }
  }
}
