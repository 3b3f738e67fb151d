package heddle.network;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.file.Path;

/** The few system calls that the JDK has no API for; each failure is an exception with errno. */
final class Kernel {
  private static final int CLONE_NEWNET = 0x40000000;
  private static final int O_RDONLY_CLOEXEC = 0x80000;
  private static final int AF_NETLINK = 16;
  private static final int SOCK_RAW_CLOEXEC = 3 | 0x80000;

  private static final Linker LINKER = Linker.nativeLinker();
  private static final Linker.Option ERRNO = Linker.Option.captureCallState("errno");
  private static final MemoryLayout CALL_STATE = Linker.Option.captureStateLayout();
  private static final VarHandle ERRNO_FIELD =
      CALL_STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));

  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
  private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;
  private static final ValueLayout PTR = ValueLayout.ADDRESS;

  private static final MethodHandle SETNS = bind("setns", FunctionDescriptor.of(INT, INT, INT));
  private static final MethodHandle UNSHARE = bind("unshare", FunctionDescriptor.of(INT, INT));
  private static final MethodHandle OPEN =
      bind("open", FunctionDescriptor.of(INT, PTR, INT), Linker.Option.firstVariadicArg(2));
  private static final MethodHandle CLOSE = bind("close", FunctionDescriptor.of(INT, INT));
  private static final MethodHandle SOCKET =
      bind("socket", FunctionDescriptor.of(INT, INT, INT, INT));
  private static final MethodHandle SEND =
      bind("send", FunctionDescriptor.of(LONG, INT, PTR, LONG, INT));
  private static final MethodHandle RECV =
      bind("recv", FunctionDescriptor.of(LONG, INT, PTR, LONG, INT));
  private static final MethodHandle STRERROR = plain("strerror", FunctionDescriptor.of(PTR, INT));

  private Kernel() {}

  /** Puts the calling thread into the network namespace behind a file descriptor. */
  static void setns(int namespace) {
    call("setns", state -> (int) SETNS.invokeExact(state, namespace, CLONE_NEWNET));
  }

  /** Puts the calling thread into a new, empty network namespace. */
  static void unshareNetwork() {
    call("unshare(CLONE_NEWNET)", state -> (int) UNSHARE.invokeExact(state, CLONE_NEWNET));
  }

  /** Opens a file for reading; the descriptor is not inherited by child processes. */
  static int open(Path file) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment name = arena.allocateFrom(file.toString());
      return (int)
          call("open " + file, state -> (int) OPEN.invokeExact(state, name, O_RDONLY_CLOEXEC));
    }
  }

  static void close(int descriptor) {
    call("close", state -> (int) CLOSE.invokeExact(state, descriptor));
  }

  /** Opens a NETLINK_ROUTE socket, which belongs to the calling thread's namespace for ever. */
  static int netlinkSocket() {
    return (int)
        call(
            "socket(AF_NETLINK)",
            state -> (int) SOCKET.invokeExact(state, AF_NETLINK, SOCK_RAW_CLOEXEC, 0));
  }

  static void send(int descriptor, MemorySegment data) {
    call("send", state -> (long) SEND.invokeExact(state, descriptor, data, data.byteSize(), 0));
  }

  static int receive(int descriptor, MemorySegment into) {
    return (int)
        call("recv", state -> (long) RECV.invokeExact(state, descriptor, into, into.byteSize(), 0));
  }

  /** The kernel's words for an error number. */
  static String describe(int errno) {
    try {
      MemorySegment text = (MemorySegment) STRERROR.invokeExact(errno);
      return text.reinterpret(256).getString(0) + " (errno " + errno + ")";
    } catch (Throwable e) {
      throw new LinkageError("strerror", e);
    }
  }

  private static long call(String what, NativeCall native_) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(CALL_STATE);
      long result = native_.run(state);
      if (result < 0) {
        throw new NetworkException(what + ": " + describe((int) ERRNO_FIELD.get(state, 0L)));
      }
      return result;
    } catch (NetworkException e) {
      throw e;
    } catch (Throwable e) {
      throw new LinkageError(what, e);
    }
  }

  private static MethodHandle bind(String name, FunctionDescriptor type, Linker.Option... more) {
    Linker.Option[] options = new Linker.Option[more.length + 1];
    options[0] = ERRNO;
    System.arraycopy(more, 0, options, 1, more.length);
    return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), type, options);
  }

  private static MethodHandle plain(String name, FunctionDescriptor type) {
    return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), type);
  }

  @FunctionalInterface
  private interface NativeCall {
    long run(MemorySegment state) throws Throwable;
  }
}
