package heddle.network;

import java.net.Inet4Address;

/** One record of an answer: its owner's name, how long it may be kept, and what it says. */
record DnsRecord(String owner, int ttl, Data data) {

  /** What a record says. */
  sealed interface Data {}

  record Address(Inet4Address address) implements Data {}

  /** CNAME, NS or PTR. */
  record Pointer(int type, String target) implements Data {}

  record Service(int priority, int weight, int port, String target) implements Data {}

  record Text(String text) implements Data {}

  record Authority(String zone, int serial, int minimum) implements Data {}

  /** A record of another server, as it came; its data holds no compressed names. */
  record Foreign(int type, byte[] bytes) implements Data {}
}
