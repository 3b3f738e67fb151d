package heddle.network;

import static org.assertj.core.api.Assertions.assertThat;

import heddle.network.DnsQuery.DnsReader;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DnsResponderTest {
  private static final int NX = DnsCode.NO_SUCH_NAME;

  private final Random random = new Random(7);
  private final NameTable table =
      new NameTable(
          Set.of("cluster.local", "howto.local"),
          Map.of(
              "web.default.svc.cluster.local", List.of(ip("10.96.0.20")),
              "db.default.svc.cluster.local", List.of(ip("10.244.0.5"), ip("10.244.0.6")),
              "db-0.db.default.svc.cluster.local", List.of(ip("10.244.0.5")),
              "empty.default.svc.cluster.local", List.of(),
              "many.default.svc.cluster.local",
                  IntStream.range(0, 60).mapToObj(i -> ip("10.244.1." + i)).toList(),
              "colors.howto.local", List.of(ip("10.244.0.9"))),
          Map.of(
              "out.default.svc.cluster.local", "Example.com",
              "in.default.svc.cluster.local", "web.default.svc.cluster.local",
              "loop.default.svc.cluster.local", "loop.default.svc.cluster.local",
              "bad.default.svc.cluster.local", "a..b"),
          Map.of(
              "_http._tcp.web.default.svc.cluster.local",
              List.of(new NameTable.Srv("web.default.svc.cluster.local", 80))));
  private final List<Cidr> networks =
      List.of(Cidr.parse("10.244.0.0/16"), Cidr.parse("10.96.0.0/12"));
  private final DnsZones zones = new DnsZones(table, networks, 3);
  private final DnsResponder responder =
      new DnsResponder(() -> zones, new DnsUpstream(List.of(), random), random);

  /** What a test wants to know of an answer. */
  private record Answer(int code, boolean truncated, List<String> records, int authorities) {}

  @Test
  void serviceHasItsAddress() throws Exception {
    assertThat(ask("web.default.svc.cluster.local", DnsCode.A).records())
        .containsExactly("A web.default.svc.cluster.local 10.96.0.20");
  }

  @Test
  void headlessServiceHasEveryReadyAddress() throws Exception {
    assertThat(ask("db.default.svc.cluster.local", DnsCode.A).records())
        .containsExactlyInAnyOrder(
            "A db.default.svc.cluster.local 10.244.0.5",
            "A db.default.svc.cluster.local 10.244.0.6");
  }

  @Test
  void nameIsAnsweredInTheCaseItWasAsked() throws Exception {
    assertThat(ask("wEb.Default.svc.CLUSTER.local", DnsCode.A).records())
        .containsExactly("A wEb.Default.svc.CLUSTER.local 10.96.0.20");
  }

  @Test
  void existingNameWithoutTheAskedTypeIsEmptyAndNotUnknown() throws Exception {
    for (String name :
        List.of(
            "web.default.svc.cluster.local",
            "empty.default.svc.cluster.local",
            "bad.default.svc.cluster.local",
            "default.svc.cluster.local",
            "svc.cluster.local",
            "cluster.local")) {
      assertThat(ask(name, DnsCode.AAAA)).isEqualTo(new Answer(0, false, List.of(), 1));
    }
  }

  @Test
  void unknownNameOfAZoneDoesNotExist() throws Exception {
    for (String name :
        List.of(
            "example.com.default.svc.cluster.local",
            "nothing.howto.local",
            "1-2-3-4-5.default.pod.cluster.local")) {
      assertThat(ask(name, DnsCode.A)).isEqualTo(new Answer(NX, false, List.of(), 1));
    }
  }

  @Test
  void podHasANameMadeOfItsAddress() throws Exception {
    assertThat(ask("10-244-0-7.default.pod.cluster.local", DnsCode.A).records())
        .containsExactly("A 10-244-0-7.default.pod.cluster.local 10.244.0.7");
  }

  @Test
  void portHasItsServiceRecordAndTheTargetsAddress() throws Exception {
    assertThat(ask("_http._tcp.web.default.svc.cluster.local", DnsCode.SRV).records())
        .containsExactly(
            "SRV _http._tcp.web.default.svc.cluster.local 0 100 80 web.default.svc.cluster.local",
            "A web.default.svc.cluster.local 10.96.0.20");
  }

  @Test
  void addressHasItsMostSpecificName() throws Exception {
    assertThat(ask("5.0.244.10.in-addr.arpa", DnsCode.PTR).records())
        .containsExactly("PTR 5.0.244.10.in-addr.arpa db-0.db.default.svc.cluster.local");
    assertThat(ask("99.0.244.10.in-addr.arpa", DnsCode.PTR).code()).isEqualTo(NX);
  }

  @Test
  void cloudMapNamespaceIsAZoneOfItsOwn() throws Exception {
    assertThat(ask("colors.howto.local", DnsCode.A).records())
        .containsExactly("A colors.howto.local 10.244.0.9");
  }

  @Test
  void specificationsVersionIsTold() throws Exception {
    assertThat(ask("dns-version.cluster.local", DnsCode.TXT).records()).hasSize(1);
  }

  @Test
  void aliasInsideIsFollowedAndALoopEnds() throws Exception {
    assertThat(ask("in.default.svc.cluster.local", DnsCode.A).records())
        .containsExactly(
            "CNAME in.default.svc.cluster.local web.default.svc.cluster.local",
            "A web.default.svc.cluster.local 10.96.0.20");
    assertThat(ask("loop.default.svc.cluster.local", DnsCode.A).code()).isZero();
  }

  @Test
  void longAnswerIsCutForDatagramsAndWholeForStreams() throws Exception {
    byte[] plain = query("many.default.svc.cluster.local", DnsCode.A);
    Answer cut = read(responder.answer(plain, false).orElseThrow());
    assertThat(cut.truncated()).isTrue();
    assertThat(cut.records()).hasSizeBetween(20, 35);
    assertThat(responder.answer(plain, false).orElseThrow()).hasSizeLessThanOrEqualTo(512);

    byte[] edns = Arrays.copyOf(plain, plain.length + 11);
    edns[11] = 1;
    ByteBuffer.wrap(edns).put(plain.length + 2, (byte) 41).putShort(plain.length + 3, (short) 4096);
    Answer fits = read(responder.answer(edns, false).orElseThrow());
    assertThat(fits.truncated()).isFalse();
    assertThat(fits.records()).hasSize(61); // and OPT

    assertThat(read(responder.answer(plain, true).orElseThrow()).records()).hasSize(60);
  }

  @Test
  void otherNamesAreAskedOfTheHostsServerAndAliasesFollowedThere() throws Exception {
    try (DatagramChannel silent = DatagramChannel.open();
        FakeUpstream upstream = new FakeUpstream("93.184.216.34")) {
      silent.bind(new InetSocketAddress("127.0.0.1", 0));
      var forwarding =
          new DnsResponder(
              () -> zones, new DnsUpstream(List.of(upstream.address()), random), random);
      Answer forwarded =
          read(forwarding.answer(query("example.com", DnsCode.A), false).orElseThrow());
      assertThat(forwarded.records()).containsExactly("A example.com 93.184.216.34");
      byte[] external = query("out.default.svc.cluster.local", DnsCode.A);
      assertThat(read(forwarding.answer(external, false).orElseThrow()).records())
          .containsExactly(
              "CNAME out.default.svc.cluster.local Example.com", "A Example.com 93.184.216.34");
    }
  }

  @Test
  void withoutAServerOtherNamesFail() throws Exception {
    assertThat(ask("example.com", DnsCode.A).code()).isEqualTo(DnsCode.SERVER_FAILURE);
  }

  @Test
  void whatIsNotAQueryHasNoAnswer() {
    byte[] answer = query("web.default.svc.cluster.local", DnsCode.A);
    answer[2] |= (byte) 0x80;
    assertThat(responder.answer(answer, false)).isEmpty();
    assertThat(responder.answer(new byte[5], false)).isEmpty();
  }

  @Test
  void noInputBreaksTheServer() throws Exception {
    long seed = new Random().nextLong();
    System.out.println("seed " + seed);
    Random chance = new Random(seed);
    List<String> names = new ArrayList<>(table.addresses().keySet());
    names.addAll(table.aliases().keySet());
    for (int i = 0; i < 200_000; i++) {
      byte[] input;
      if (chance.nextInt(4) == 0) {
        input = new byte[chance.nextInt(80)];
        chance.nextBytes(input);
      } else {
        input = query(names.get(chance.nextInt(names.size())), chance.nextInt(260));
        for (int n = chance.nextInt(4); n > 0; n--) {
          input[chance.nextInt(input.length)] = (byte) chance.nextInt();
        }
        input = Arrays.copyOf(input, chance.nextInt(input.length + 20));
      }
      boolean stream = chance.nextBoolean();
      Optional<byte[]> answer = responder.answer(input, stream);
      if (answer.isPresent()) {
        assertThat(answer.get()[0]).isEqualTo(input[0]);
        assertThat(answer.get().length)
            .isLessThanOrEqualTo(stream ? 65_535 : DnsReply.LARGEST_DATAGRAM);
        read(answer.get());
      }
    }
  }

  private Answer ask(String name, int type) throws Exception {
    return read(responder.answer(query(name, type), false).orElseThrow());
  }

  static byte[] query(String name, int type) {
    byte[] message = DnsUpstream.question(name, type);
    message[0] = 0x12;
    message[1] = 0x34;
    return message;
  }

  static List<String> records(byte[] message) throws Exception {
    return read(message).records();
  }

  private static Answer read(byte[] message) throws Exception {
    DnsReader in = new DnsReader(message);
    in.skip(2);
    int flags = in.u16();
    int questions = in.u16();
    int answers = in.u16();
    int authorities = in.u16();
    int additional = in.u16();
    for (int i = 0; i < questions; i++) {
      in.name();
      in.skip(4);
    }
    List<String> records = new ArrayList<>();
    for (int i = 0; i < answers + authorities + additional; i++) {
      String record = record(in);
      if (i < answers || i >= answers + authorities) {
        records.add(record);
      }
    }
    assertThat(in.position()).isEqualTo(message.length);
    return new Answer(flags & 15, (flags & 0x200) != 0, records, authorities);
  }

  private static String record(DnsReader in) throws Exception {
    String owner = in.name();
    int type = in.u16();
    in.skip(6);
    int length = in.u16();
    int end = in.position() + length;
    String text =
        switch (type) {
          case DnsCode.A ->
              "A " + owner + " " + in.u8() + "." + in.u8() + "." + in.u8() + "." + in.u8();
          case DnsCode.CNAME -> "CNAME " + owner + " " + in.name();
          case DnsCode.PTR -> "PTR " + owner + " " + in.name();
          case DnsCode.SRV ->
              "SRV " + owner + " " + in.u16() + " " + in.u16() + " " + in.u16() + " " + in.name();
          default -> {
            in.skip(length);
            yield type + " " + owner;
          }
        };
    assertThat(in.position()).isEqualTo(end);
    return text;
  }

  static Inet4Address ip(String address) {
    return Cidr.ipv4(address);
  }
}
