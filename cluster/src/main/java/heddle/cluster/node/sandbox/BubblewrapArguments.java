package heddle.cluster.node.sandbox;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes a sandbox as bubblewrap's options. They go through a file, not the command line, where any
 * user of the host could read the environment's secrets.
 */
final class BubblewrapArguments {
  /** Takes rights from commands that enter the sandbox. */
  static final String LIMITER = "setpriv";

  private static final List<String> BIN =
      List.of("/usr/bin", "/bin", "/usr/local/bin", "/usr/sbin", "/sbin", "/usr/local/sbin");
  private static final List<String> LIBRARIES = List.of("/lib", "/lib32", "/lib64", "/libx32");

  private final List<String> options = new ArrayList<>();

  private BubblewrapArguments() {}

  static byte[] of(Sandbox sandbox) {
    BubblewrapArguments arguments = new BubblewrapArguments();
    arguments.isolation(sandbox);
    arguments.system();
    arguments.tool(LIMITER);
    sandbox.tools().forEach(arguments::tool);
    sandbox.mounts().forEach(arguments::mount);
    if (sandbox.readOnlyRoot()) {
      arguments.add("--remount-ro", "/");
    }
    arguments.add("--chdir", sandbox.workingDirectory(), "--clearenv");
    sandbox.environment().forEach((name, value) -> arguments.add("--setenv", name, value));
    return String.join("\0", arguments.options).concat("\0").getBytes(StandardCharsets.UTF_8);
  }

  private void isolation(Sandbox sandbox) {
    add("--unshare-pid", "--unshare-uts", "--unshare-ipc", "--as-pid-1", "--die-with-parent");
    add("--hostname", sandbox.hostname());
    if (sandbox.user() != 0) {
      String id = Integer.toString(sandbox.user());
      add("--unshare-user", "--uid", id, "--gid", id);
    } else {
      add("--cap-drop", "ALL");
      sandbox.capabilities().forEach(capability -> add("--cap-add", capability));
    }
    add("--proc", "/proc", "--dev", "/dev");
    if (!sandbox.readOnlyRoot()) {
      add("--perms", "1777", "--tmpfs", "/tmp");
    }
    add("--dir", "/etc", "--dir", "/run", "--dir", "/var", "--symlink", "../run", "/var/run");
    add("--dir", sandbox.workingDirectory());
  }

  /** The loader and the libraries of the host's programs: without them no tool runs. */
  private void system() {
    add("--ro-bind", "/usr/lib", "/usr/lib");
    add("--ro-bind-try", "/usr/lib32", "/usr/lib32", "--ro-bind-try", "/usr/lib64", "/usr/lib64");
    for (String directory : LIBRARIES) {
      Path path = Path.of(directory);
      if (Files.isSymbolicLink(path)) {
        add("--symlink", link(path), directory);
      } else {
        add("--ro-bind-try", directory, directory);
      }
    }
    add("--dir", "/usr/bin", "--symlink", "usr/bin", "/bin");
    add("--symlink", "bin", "/usr/sbin", "--symlink", "usr/bin", "/sbin");
    add("--ro-bind-try", "/etc/ld.so.cache", "/etc/ld.so.cache");
    add("--ro-bind-try", "/etc/ssl/certs", "/etc/ssl/certs");
    add("--ro-bind-try", "/usr/share/ca-certificates", "/usr/share/ca-certificates");
    add("--ro-bind-try", "/usr/share/zoneinfo", "/usr/share/zoneinfo");
  }

  private void tool(String name) {
    for (String directory : BIN) {
      Path program = Path.of(directory, name);
      if (Files.isExecutable(program)) {
        add("--ro-bind", real(program).toString(), "/usr/bin/" + name);
        return;
      }
    }
  }

  private void mount(Sandbox.Mount mount) {
    add(mount.readOnly() ? "--ro-bind" : "--bind", mount.source().toString(), mount.target());
  }

  private void add(String... words) {
    options.addAll(List.of(words));
  }

  private static Path real(Path path) {
    try {
      return path.toRealPath();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot resolve the program " + path, e);
    }
  }

  private static String link(Path path) {
    try {
      return Files.readSymbolicLink(path).toString();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the link " + path, e);
    }
  }
}
