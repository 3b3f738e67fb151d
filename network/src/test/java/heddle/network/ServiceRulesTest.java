package heddle.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import heddle.network.ServiceForward.Protocol;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class ServiceRulesTest {
  private final ServiceRules rules = new ServiceRules(Cidr.parse("127.66.0.0/16"));

  @Test
  void newServiceIsAChainAndAnElementThatLeadsThere() {
    assertThat(written(forward("10.96.0.5", "10.244.0.2:8080")))
        .isEqualTo(
            """
            add chain ip heddle svc-10.96.0.5-tcp-80
            flush chain ip heddle svc-10.96.0.5-tcp-80
            add rule ip heddle svc-10.96.0.5-tcp-80 meta l4proto tcp dnat to 10.244.0.2:8080
            add element ip heddle services { 10.96.0.5 . tcp . 80 : goto svc-10.96.0.5-tcp-80 }
            add element ip heddle itself { 10.244.0.2 . 10.244.0.2 }
            """);
  }

  @Test
  void sameTableAgainWritesNothing() {
    ServiceForward forward = forward("10.96.0.5", "10.244.0.2:8080");
    written(forward);
    assertThat(written(forward)).isEmpty();
  }

  @Test
  void changedEndpointsRewriteThatServicesChainOnly() {
    ServiceForward other = forward("10.96.0.6", "10.244.0.2:8080");
    written(forward("10.96.0.5", "10.244.0.2:8080"), other);
    assertThat(written(forward("10.96.0.5", "10.244.0.2:8080", "10.244.0.3:9090"), other))
        .isEqualTo(
            """
            add chain ip heddle svc-10.96.0.5-tcp-80
            flush chain ip heddle svc-10.96.0.5-tcp-80
            add rule ip heddle svc-10.96.0.5-tcp-80 meta l4proto tcp dnat to numgen random mod 2 \
            map { 0 : 10.244.0.2 . 8080, 1 : 10.244.0.3 . 9090 }
            add element ip heddle itself { 10.244.0.3 . 10.244.0.3 }
            """);
  }

  @Test
  void serviceWithoutEndpointsLeavesTheMapAndItsChainGoesNextTime() {
    ServiceForward other = forward("10.96.0.6", "10.244.0.3:80");
    written(forward("10.96.0.5", "10.244.0.2:8080"));
    assertThat(written(forward("10.96.0.5")))
        .isEqualTo(
            """
            delete element ip heddle services { 10.96.0.5 . tcp . 80 }
            flush chain ip heddle svc-10.96.0.5-tcp-80
            delete element ip heddle itself { 10.244.0.2 . 10.244.0.2 }
            """);
    assertThat(written(other)).endsWith("delete chain ip heddle svc-10.96.0.5-tcp-80\n");
  }

  @Test
  void chainThatIsNeededAgainStays() {
    written(forward("10.96.0.5", "10.244.0.2:8080"));
    written();
    assertThat(written(forward("10.96.0.5", "10.244.0.2:8080"))).doesNotContain("delete chain");
  }

  @Test
  void loadBalancersAddressIsAnsweredUnderItsStandInToo() {
    assertThat(written(forward("127.66.3.4", "10.244.0.2:8080")))
        .contains("{ 127.66.3.4 . tcp . 80 : goto", "{ 100.66.3.4 . tcp . 80 : goto");
  }

  @Test
  void addressGivenTwiceIsRefusedByName() {
    ServiceForward forward = forward("10.96.0.5", "10.244.0.2:8080");
    assertThatThrownBy(() -> rules.change(List.of(forward, forward)))
        .isInstanceOf(NetworkException.class)
        .hasMessageContaining("10.96.0.5 . tcp . 80");
  }

  private String written(ServiceForward... forwards) {
    String script = rules.change(List.of(forwards));
    rules.applied();
    return script;
  }

  private static ServiceForward forward(String address, String... endpoints) {
    return new ServiceForward(
        Cidr.ipv4(address),
        80,
        Protocol.TCP,
        Arrays.stream(endpoints)
            .map(e -> e.split(":"))
            .map(e -> new InetSocketAddress(e[0], Integer.parseInt(e[1])))
            .toList());
  }
}
