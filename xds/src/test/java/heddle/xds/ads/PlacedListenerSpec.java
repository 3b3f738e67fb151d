package heddle.xds.ads;

import static heddle.xds.Fixtures.cluster;
import static heddle.xds.ResourceType.CLUSTER;
import static org.assertj.core.api.Assertions.assertThat;

import heddle.xds.ads.Serving.Transport;
import heddle.xds.snapshot.Snapshot;
import io.grpc.InsecureChannelCredentials;
import io.grpc.InsecureServerCredentials;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A port beside the server's others, whose socket somebody else opens: in a pod, for example. */
class PlacedListenerSpec {

  private final AtomicInteger opened = new AtomicInteger();
  private Serving serving;
  private AdsServer.Listening listening;
  private ManagedChannel channel;

  @BeforeEach
  void listen() throws IOException {
    serving = new Serving(Transport.IN_PROCESS);
    serving.store.publish("front", Snapshot.builder().add(cluster("a")).build());
    listening =
        serving.server.listen(
            this::open,
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            InsecureServerCredentials.create());
    channel =
        NettyChannelBuilder.forAddress(listening.address(), InsecureChannelCredentials.create())
            .build();
  }

  private <T> T open(Callable<T> action) throws Exception {
    opened.incrementAndGet();
    return action.call();
  }

  @AfterEach
  void close() {
    channel.shutdownNow();
    listening.close();
    serving.close();
  }

  @Test
  void servesWhatTheOthersServe() throws Exception {
    Station node = new Station(channel);

    node.ask(CLUSTER);

    assertThat(node.take(CLUSTER).getResourcesCount()).isOne();
    assertThat(opened).hasValue(1);
  }

  @Test
  void endsItsOwnStreamsWhenItIsClosed() throws Exception {
    Station here = new Station(channel);
    Station elsewhere = new Station(serving.channel);
    here.ask(CLUSTER);
    here.take(CLUSTER);
    elsewhere.ask(CLUSTER);
    elsewhere.take(CLUSTER);

    listening.close();

    assertThat(here.end.get(20, TimeUnit.SECONDS).isOk()).isFalse();
    assertThat(elsewhere.end).isNotDone();
  }
}
