package heddle.cluster.node.sandbox;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Everything that one process in a sandbox is given.
 *
 * @param namespace file of the pod's network namespace
 * @param hostname name of the UTS namespace
 * @param user uid and gid inside the sandbox; other than 0 it gets a user namespace
 * @param mounts what it sees beyond an empty root and the system's libraries, in order
 * @param tools names of host programs that appear in {@code /usr/bin}
 * @param capabilities what root may do inside; never mounting, never the host
 * @param readOnlyRoot whether the root and {@code /tmp} refuse writes
 * @param workingDirectory absolute; made when nothing is mounted there
 * @param environment the whole environment
 * @param command program and arguments
 * @param stdin whether somebody may write to standard input; otherwise it is empty
 * @param terminal whether the standard streams are a terminal
 */
public record Sandbox(
    Path namespace,
    String hostname,
    int user,
    List<Mount> mounts,
    List<String> tools,
    List<String> capabilities,
    boolean readOnlyRoot,
    String workingDirectory,
    Map<String, String> environment,
    List<String> command,
    boolean stdin,
    boolean terminal) {

  /** What Docker gives a container, without making device nodes. */
  public static final List<String> DEFAULT_CAPABILITIES =
      List.of(
          "CAP_CHOWN",
          "CAP_DAC_OVERRIDE",
          "CAP_FOWNER",
          "CAP_FSETID",
          "CAP_KILL",
          "CAP_NET_BIND_SERVICE",
          "CAP_NET_RAW",
          "CAP_SETFCAP",
          "CAP_SETGID",
          "CAP_SETPCAP",
          "CAP_SETUID",
          "CAP_SYS_CHROOT");

  /**
   * A host file or directory inside the sandbox.
   *
   * @param target absolute path inside
   */
  public record Mount(Path source, String target, boolean readOnly) {}

  public Sandbox {
    mounts = List.copyOf(mounts);
    tools = List.copyOf(tools);
    capabilities = List.copyOf(capabilities);
    environment = new LinkedHashMap<>(environment);
    command = List.copyOf(command);
  }
}
