package heddle.network;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.Inet4Address;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Changes links, addresses and routes of one namespace through rtnetlink, without a process per
 * change. The socket belongs to the namespace of the thread that made it; any thread may use it.
 *
 * <p>Source of the formats: {@code rtnetlink(7)}, {@code linux/if_link.h}, {@code
 * linux/rtnetlink.h}.
 */
final class Netlink implements AutoCloseable {
  private static final int RTM_NEWLINK = 16;
  private static final int RTM_GETLINK = 18;
  private static final int RTM_NEWADDR = 20;
  private static final int RTM_NEWROUTE = 24;
  private static final int RTM_DELROUTE = 25;
  private static final int NLMSG_ERROR = 2;
  private static final int ACK = 0x1 | 0x4; // NLM_F_REQUEST | NLM_F_ACK
  private static final int CREATE = ACK | 0x400 | 0x200; // | NLM_F_CREATE | NLM_F_EXCL
  private static final int AF_INET = 2;
  private static final int IFF_UP = 1;
  private static final int IFLA_IFNAME = 3;
  private static final int IFLA_LINKINFO = 18;
  private static final int IFLA_INFO_KIND = 1;
  private static final int IFLA_INFO_DATA = 2;
  private static final int IFLA_NET_NS_FD = 28;
  private static final int VETH_INFO_PEER = 1;
  private static final int TABLE_MAIN = 254;
  private static final int TABLE_LOCAL = 255;

  private final Arena arena = Arena.ofShared();
  private final int socket = Kernel.netlinkSocket();
  private final MemorySegment memory = arena.allocate(8192, 8);
  private final ByteBuffer out = memory.asByteBuffer().order(ByteOrder.nativeOrder());
  private int sequence;

  /** Makes a veth pair: {@code name} here, {@code peer} in another namespace. */
  synchronized void addVeth(String name, String peer, Namespace peerNamespace) {
    begin(RTM_NEWLINK, CREATE);
    linkHeader(0, 0);
    text(IFLA_IFNAME, name);
    int info = open(IFLA_LINKINFO);
    text(IFLA_INFO_KIND, "veth");
    int data = open(IFLA_INFO_DATA);
    int other = open(VETH_INFO_PEER);
    linkHeader(0, 0);
    text(IFLA_IFNAME, peer);
    number(IFLA_NET_NS_FD, peerNamespace.descriptor());
    shut(other);
    shut(data);
    shut(info);
    exchange("add veth " + name);
  }

  synchronized void up(int link) {
    begin(RTM_NEWLINK, ACK);
    linkHeader(link, IFF_UP);
    exchange("set link " + link + " up");
  }

  /** The index of a link, by its name. */
  synchronized int index(String name) {
    begin(RTM_GETLINK, 0x1);
    linkHeader(0, 0);
    text(IFLA_IFNAME, name);
    ByteBuffer answer = exchange("find link " + name);
    return answer.getInt(16 + 4);
  }

  synchronized void addAddress(int link, Inet4Address address, int prefix) {
    begin(RTM_NEWADDR, CREATE);
    out.put((byte) AF_INET).put((byte) prefix).put((byte) 0).put((byte) 0).putInt(link);
    address(2, address); // IFA_LOCAL
    address(1, address); // IFA_ADDRESS
    exchange("add address " + address.getHostAddress());
  }

  /** Routes a network to a link, or through a gateway behind it. */
  synchronized void addRoute(
      Cidr to, int link, @Nullable Inet4Address gateway, @Nullable Inet4Address source) {
    int scope = gateway == null ? 253 : 0; // RT_SCOPE_LINK : RT_SCOPE_UNIVERSE
    route(RTM_NEWROUTE, CREATE, to, link, gateway, source, TABLE_MAIN, scope, 1);
  }

  /** Makes every address of a network one of the node's own (AnyIP). */
  synchronized void addLocalRoute(Cidr to, int loopback, Inet4Address source) {
    route(
        RTM_NEWROUTE,
        CREATE,
        to,
        loopback,
        null,
        source,
        TABLE_LOCAL,
        254,
        2); // RT_SCOPE_HOST, RTN_LOCAL
  }

  /**
   * Makes the node itself the receiver of everything that has no better route. Nobody listens
   * there, so connections are refused at once; "unreachable" would be told to few of them only,
   * since the kernel limits the rate of such messages.
   */
  synchronized void refuseTheRest(int loopback) {
    Cidr everything = Cidr.parse("0.0.0.0/0");
    route(RTM_NEWROUTE, CREATE, everything, loopback, null, null, TABLE_MAIN, 254, 2);
  }

  /** Takes back {@link #addRoute}; connections to the network are refused at once. */
  synchronized void removeRoute(Cidr to, int link) {
    route(RTM_DELROUTE, ACK, to, link, null, null, TABLE_MAIN, 253, 1);
  }

  private void route(
      int request,
      int flags,
      Cidr to,
      int link,
      @Nullable Inet4Address gateway,
      @Nullable Inet4Address source,
      int table,
      int scope,
      int type) {
    begin(request, flags);
    out.put((byte) AF_INET).put((byte) to.prefix()).put((byte) 0).put((byte) 0);
    out.put((byte) table).put((byte) 3).put((byte) scope).put((byte) type).putInt(0);
    address(1, to.address()); // RTA_DST
    number(4, link); // RTA_OIF
    if (gateway != null) {
      address(5, gateway); // RTA_GATEWAY
    }
    if (source != null) {
      address(7, source); // RTA_PREFSRC
    }
    exchange("route " + to);
  }

  private void begin(int type, int flags) {
    out.clear();
    out.putInt(0).putShort((short) type).putShort((short) flags).putInt(++sequence).putInt(0);
  }

  private void linkHeader(int link, int flags) {
    out.put((byte) 0).put((byte) 0).putShort((short) 0).putInt(link).putInt(flags).putInt(flags);
  }

  private int open(int type) {
    int start = out.position();
    out.putShort((short) 0).putShort((short) type);
    return start;
  }

  private void shut(int start) {
    out.putShort(start, (short) (out.position() - start));
    while (out.position() % 4 != 0) {
      out.put((byte) 0);
    }
  }

  private void text(int type, String value) {
    int start = open(type);
    out.put(value.getBytes(StandardCharsets.US_ASCII)).put((byte) 0);
    shut(start);
  }

  private void number(int type, int value) {
    int start = open(type);
    out.putInt(value);
    shut(start);
  }

  private void address(int type, Inet4Address value) {
    int start = open(type);
    out.put(value.getAddress());
    shut(start);
  }

  /** Sends what was built and returns the first answer that is not a plain acknowledgement. */
  private ByteBuffer exchange(String what) {
    out.putInt(0, out.position());
    Kernel.send(socket, memory.asSlice(0, out.position()));
    while (true) {
      int length = Kernel.receive(socket, memory);
      ByteBuffer answer = memory.asSlice(0, length).asByteBuffer().order(ByteOrder.nativeOrder());
      if (length < 16 || answer.getInt(8) != sequence) {
        continue; // the late answer to an earlier request
      }
      if (answer.getShort(4) != NLMSG_ERROR) {
        return answer;
      }
      int error = -answer.getInt(16);
      if (error != 0) {
        throw new NetworkException("netlink: " + what + ": " + Kernel.describe(error));
      }
      return answer;
    }
  }

  @Override
  public synchronized void close() {
    if (arena.scope().isAlive()) {
      Kernel.close(socket);
      arena.close();
    }
  }
}
