package heddle.cluster.node.sandbox;

import com.pty4j.PtyProcess;
import com.pty4j.WinSize;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A running sandbox: bubblewrap's own process, which we started, and the container's process, which
 * is PID 1 inside.
 */
public final class SandboxProcess {
  private static final Pattern CHILD = Pattern.compile("\"child-pid\": (\\d+)");
  private static final int LONGEST_INFO = 4096;
  private static final long SETUP_POLL_NANOS = 500_000;

  private final Process process;
  private final long containerPid;
  private final Optional<ProcessHandle> container;
  private final boolean terminal;
  private final boolean ownUsers;
  private InputStream stdout;
  private InputStream stderr;

  private SandboxProcess(Process process, long containerPid, boolean terminal, boolean ownUsers) {
    this.process = process;
    this.containerPid = containerPid;
    this.container = ProcessHandle.of(containerPid);
    this.terminal = terminal;
    this.ownUsers = ownUsers;
    this.stdout = process.getInputStream();
    this.stderr = terminal ? InputStream.nullInputStream() : process.getErrorStream();
  }

  /** Follows bubblewrap until the container's program runs, or did. */
  static SandboxProcess adopt(Process process, boolean terminal, boolean ownUsers)
      throws IOException {
    StringBuilder info = new StringBuilder();
    InputStream output = process.getInputStream();
    int next = output.read();
    while (next >= 0 && info.length() < LONGEST_INFO) {
      info.append((char) next);
      if (next == '\n' && info.indexOf("}") >= 0) {
        break;
      }
      next = output.read();
    }
    Matcher child = CHILD.matcher(info);
    if (!child.find()) {
      String why = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
      process.destroyForcibly();
      throw new IOException((info + why).strip());
    }
    SandboxProcess started =
        new SandboxProcess(process, Long.parseLong(child.group(1)), terminal, ownUsers);
    started.awaitProgram();
    return started;
  }

  /**
   * Waits until bubblewrap has become the container's program; before, the file systems are not in
   * place and nobody may enter. The kernel tells only those who ask.
   */
  private void awaitProgram() throws IOException {
    Path program = Path.of("/proc", Long.toString(containerPid), "exe");
    Path bubblewrap = Path.of("/proc", Long.toString(process.pid()), "exe");
    try {
      Path setup = Files.readSymbolicLink(bubblewrap);
      while (Files.readSymbolicLink(program).equals(setup)) {
        LockSupport.parkNanos(SETUP_POLL_NANOS);
      }
    } catch (NoSuchFileException ended) {
      failed();
    }
  }

  /** The container has ended already: either its program did, or it never ran. */
  private void failed() throws IOException {
    byte[] said = (terminal ? stdout : stderr).readAllBytes();
    String text = new String(said, StandardCharsets.UTF_8);
    if (text.startsWith("bwrap: ")) {
      throw new IOException(text.strip());
    }
    if (terminal) {
      stdout = new ByteArrayInputStream(said);
    } else {
      stderr = new ByteArrayInputStream(said);
    }
  }

  /** The container's process as the host sees it. */
  public long containerPid() {
    return containerPid;
  }

  boolean ownUsers() {
    return ownUsers;
  }

  public InputStream stdout() {
    return stdout;
  }

  public InputStream stderr() {
    return stderr;
  }

  public OutputStream stdin() {
    return process.getOutputStream();
  }

  public void resize(int columns, int rows) {
    if (process instanceof PtyProcess pty) {
      pty.setWinSize(new WinSize(columns, rows));
    }
  }

  /** Completes with the exit code of the container's process; 128 + n when signal n ended it. */
  public CompletionStage<Integer> exit() {
    return Exits.of(process);
  }

  /** SIGTERM to PID 1 of the container. */
  public void terminate() {
    container.ifPresent(ProcessHandle::destroy);
  }

  /** SIGKILL to everything in the container: its other processes die with PID 1. */
  public void kill() {
    container.ifPresent(ProcessHandle::destroyForcibly);
  }
}
