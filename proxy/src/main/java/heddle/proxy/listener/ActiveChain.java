package heddle.proxy.listener;

import heddle.proxy.http.Drain;
import io.netty.channel.Channel;
import java.util.HashSet;
import java.util.Set;

/** A filter chain in use, with the connections it serves. */
final class ActiveChain {
  private final ListenerConfig.Chain config;
  private final Drain drain = new Drain();
  private final Set<Channel> connections = new HashSet<>();

  ActiveChain(ListenerConfig.Chain config) {
    this.config = config;
  }

  ListenerConfig.Chain config() {
    return config;
  }

  ListenerConfig.Match match() {
    return config.match();
  }

  Drain drain() {
    return drain;
  }

  void joined(Channel channel) {
    connections.add(channel);
  }

  void left(Channel channel) {
    connections.remove(channel);
  }

  boolean idle() {
    return connections.isEmpty();
  }

  void closeIdleConnections() {
    Set.copyOf(connections)
        .forEach(channel -> channel.pipeline().fireUserEventTriggered(Drain.CLOSE_WHEN_IDLE));
  }

  void closeConnections() {
    Set.copyOf(connections).forEach(Channel::close);
  }
}
